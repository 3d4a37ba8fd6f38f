"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const root = document.documentElement;
  const list = $("list");
  const claims = [...list.querySelectorAll(".claim")];
  const plain = (text) => text.normalize("NFKC").toLowerCase();
  const texts = new Map(claims.map((claim) => [claim, plain(claim.id + " " + claim.textContent)]));
  const remember = (key, value) => { try { localStorage.setItem(key, value); } catch { /* a file may not store */ } };
  const recall = (key) => { try { return localStorage.getItem(key); } catch { return null; } };

  const dark = () => (root.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  const label = () => { $("theme").textContent = dark() ? "Light" : "Dark"; };
  const chosen = recall("theme");
  if (chosen === "dark" || chosen === "light") root.dataset.theme = chosen;
  $("theme").addEventListener("click", () => {
    root.dataset.theme = dark() ? "light" : "dark";
    remember("theme", root.dataset.theme);
    label();
  });
  label();

  function filter() {
    const words = plain($("q").value).split(/\s+/).filter(Boolean);
    const verdict = $("f-verdict").value;
    const wanted = (claim) =>
      (!verdict || claim.dataset.verdict === verdict || (verdict in { erratum: 1, unexpected: 1 } && verdict in claim.dataset)) &&
      (!$("f-document").value || claim.dataset.document === $("f-document").value) &&
      (!$("f-kind").value || claim.dataset.kinds.split("|").includes($("f-kind").value)) &&
      words.every((word) => texts.get(claim).includes(word));
    let count = 0;
    for (const claim of claims) {
      claim.classList.toggle("filtered", !wanted(claim));
      count += wanted(claim);
    }
    $("shown").textContent = count === claims.length ? `${count} claims` : `${count} of ${claims.length} claims`;
  }

  function sort() {
    const key = $("sort").value;
    const value = (claim) => claim.dataset[key === "verdict" ? "rank" : key];
    const order = (a, b) => a.dataset.order - b.dataset.order;
    const compare = (a, b) =>
      key === "order" ? order(a, b)
        : key === "verdict" ? value(a) - value(b) || order(a, b)
          : value(a).localeCompare(value(b), "en") || order(a, b);
    list.append(...claims.sort(compare));
  }

  for (const id of ["q", "f-verdict", "f-document", "f-kind"]) $(id).addEventListener("input", filter);
  $("sort").addEventListener("input", sort);
  document.querySelector(".tools").addEventListener("submit", (event) => event.preventDefault());

  let open = false;
  $("all").addEventListener("click", () => {
    open = !open;
    for (const claim of claims) claim.open = open;
    $("all").textContent = open ? "Close all" : "Open all";
  });

  function reveal() {
    const target = location.hash && $(decodeURIComponent(location.hash.slice(1)));
    if (!target || !target.matches(".claim")) return;
    target.classList.remove("filtered");
    target.open = true;
    target.scrollIntoView();
  }
  addEventListener("hashchange", reveal);

  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details:not([open])")];
    for (const part of closed) part.open = true;
  });
  addEventListener("afterprint", () => { for (const part of closed) part.open = false; });

  for (const button of document.querySelectorAll(".copy")) {
    if (!navigator.clipboard) break;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.previousElementSibling.textContent);
      button.textContent = "Copied";
      setTimeout(() => { button.textContent = "Copy"; }, 1500);
    });
  }

  for (const hidden of [$("theme"), document.querySelector(".tools")]) hidden.hidden = false;
  filter();
  reveal();
})();
