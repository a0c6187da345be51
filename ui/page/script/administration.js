/* While a rebuild is under way its progress is asked for; when it has ended the lists are new. */
(() => {
  const place = document.getElementById("work");
  const running = () => place?.querySelector("[data-running]");
  const ask = async () => {
    if (!running()) return;
    try {
      const answer = await fetch("admin/work");
      if (answer.ok) place.innerHTML = await answer.text();
      if (answer.ok && !running()) return location.replace("admin");
    } catch {
      // the server is away for a moment
    }
    setTimeout(ask, 1_000);
  };
  ask();
})();
