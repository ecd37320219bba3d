// The page for a wall: turns its slides, unless the reader wants no motion; keys pause and move.
export function turnSlides() {
  const wall = document.querySelector("[data-turn]");
  if (!wall) return;
  const groups = ["indicator", "area"].map((name) => [...wall.querySelectorAll(`[data-slide="${name}"]`)]).filter((slides) => slides.length);
  const kpis = [...wall.querySelectorAll("[data-kpi]")];
  const state = document.getElementById("wall-state");
  let at = 0;
  let paused = matchMedia("(prefers-reduced-motion: reduce)").matches;

  const show = () => {
    for (const slides of groups) {
      const current = ((at % slides.length) + slides.length) % slides.length;
      slides.forEach((slide, i) => { slide.toggleAttribute("data-off", i !== current); slide.setAttribute("aria-hidden", String(i !== current)); });
    }
    const lit = groups.length ? ((at % groups[0].length) + groups[0].length) % groups[0].length : -1;
    kpis.forEach((kpi, i) => kpi.toggleAttribute("data-current", i === lit));
    state.textContent = paused ? state.dataset.paused : "";
  };
  const move = (by) => { at += by; show(); };

  setInterval(() => { if (!paused) move(1); }, 1000 * Number(wall.dataset.turn));
  // A wall stands for weeks: when a new snapshot is served, it loads itself again.
  setInterval(async () => {
    try {
      const answer = await fetch("/readyz", { cache: "no-store" });
      const name = (await answer.text()).trim();
      if (answer.ok && name && name !== wall.dataset.snapshot) location.reload();
    } catch { /* the server is away: the wall keeps what it shows */ }
  }, 60000);
  addEventListener("keydown", (event) => {
    if (event.key === " ") { event.preventDefault(); paused = !paused; show(); }
    if (event.key === "ArrowRight") move(1);
    if (event.key === "ArrowLeft") move(-1);
    if (event.key === "Escape") location.href = wall.dataset.back;
  });
  show();
}
