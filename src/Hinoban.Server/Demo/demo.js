// Shows what is new without losing what is open: the page is loaded again only when something has changed.
const state = document.body.dataset.state;
setInterval(async () => {
  const answer = await fetch("/demo/state").catch(() => null);
  if (answer?.ok && (await answer.text()) !== state) location.reload();
}, 1500);
