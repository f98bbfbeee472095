"use strict";
(() => {
  const tools = document.querySelector(".tools");
  const rows = [...document.querySelectorAll("tr.row, .change.row")];
  const papers = [...document.querySelectorAll("#workpapers details.workpaper")];
  const tones = { fail: "fail", waived: "waived", not_evaluated: "unseen", needs_attestation: "attest", pass: "pass", not_applicable: "na" };
  const texts = new Map(rows.map((row) => [row, (row.textContent + " " + row.title).toLowerCase()]));
  const known = new Set(Object.values(tones));
  const apply = () => {
    const chosen = new FormData(tools);
    const text = chosen.get("text").trim().toLowerCase();
    const control = chosen.get("control");
    const statuses = new Set(chosen.getAll("status"));
    let shown = 0;
    for (const row of rows) {
      const tone = tones[row.dataset.status] || row.dataset.status;
      const fits = (!known.has(tone) || statuses.has(tone)) && (!text || texts.get(row).includes(text));
      row.hidden = !fits;
      shown += fits ? 1 : 0;
    }
    for (const group of document.querySelectorAll(".group")) {
      const matches = Boolean(group.querySelector("tr.row:not([hidden])"));
      group.hidden = !statuses.has(tones[group.dataset.group]) || Boolean(text && !matches);
      if (text && matches && group.tagName === "DETAILS") group.open = true;
    }
    for (const paper of papers) {
      const other = Boolean(control) && paper.dataset.control !== control;
      paper.hidden = other || Boolean(text && !paper.querySelector(".group:not([hidden])"));
    }
    const filtered = text || control || statuses.size < known.size;
    tools.querySelector("output").textContent = filtered ? shown.toLocaleString("en") + " of " + rows.length.toLocaleString("en") + " lines match" : "";
  };
  const reveal = () => {
    const target = location.hash.length > 1 ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
    for (let place = target; place; place = place.parentElement) if (place.tagName === "DETAILS") place.open = true;
    if (target) target.scrollIntoView();
  };
  let waiting = 0;
  tools.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(apply, 120); });
  tools.addEventListener("submit", (event) => event.preventDefault());
  for (const button of tools.querySelectorAll("[data-fold]")) {
    button.addEventListener("click", () => papers.forEach((paper) => { paper.open = button.dataset.fold === "open"; }));
  }
  addEventListener("hashchange", reveal);
  addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((each) => { each.open = true; }));
  tools.hidden = false;
  reveal();
})();
