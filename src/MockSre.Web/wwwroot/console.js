// Loaded before anything is drawn: colours first, so that no white page flashes in a dark room.
(() => {
  const key = 'mocksre-theme';
  const system = matchMedia('(prefers-color-scheme: dark)');

  // Storage may be forbidden; then a choice lasts as long as the page.
  let chosen = null;
  try { chosen = localStorage.getItem(key); } catch { /* as if nothing was chosen */ }

  const paint = () => { document.documentElement.dataset.theme = chosen ?? (system.matches ? 'dark' : 'light'); };
  paint();
  system.addEventListener('change', paint);

  // Blazor knows no page outside its base. A page opened there, such as directly instead of through the proxy, moves into it.
  const base = new URL(document.baseURI).pathname;
  const { pathname, search, hash } = location;
  if (!pathname.startsWith(base)) location.replace((pathname + '/' === base ? base : base + pathname.slice(1)) + search + hash);

  // Blazor draws nothing when it cannot open its connection. Only the service knows why, so the page asks it again.
  const explain = async () => {
    let reason = 'The service does not answer. Is it running? Start it with make run.';
    try {
      const answer = await fetch('_blazor/negotiate?negotiateVersion=1', { method: 'POST' });
      const problem = await answer.json().catch(() => ({}));
      reason = problem.title ? `${problem.title}. ${problem.detail ?? ''}` : `_blazor/negotiate answered with status ${answer.status}.`;
    } catch { /* no answer */ }
    document.getElementById('no-connection-reason').textContent = reason;
    document.getElementById('no-connection-address').textContent = document.baseURI;
    document.getElementById('no-connection').hidden = false;
  };
  addEventListener('unhandledrejection', event => {
    if (event.reason?.errorType === 'FailedToNegotiateWithServerError') explain();
  });

  window.mockSre = {
    chosenTheme: () => chosen,
    chooseTheme: theme => {
      chosen = theme;
      try { localStorage.setItem(key, theme); } catch { /* lasts as long as the page */ }
      paint();
    },
    // The clipboard is for secure pages and loopback only; elsewhere the old way still works.
    copy: async text => {
      try {
        await navigator.clipboard.writeText(text);
        return true;
      } catch {
        const area = Object.assign(document.createElement('textarea'), { value: text });
        document.body.append(area);
        area.select();
        const copied = document.execCommand('copy');
        area.remove();
        return copied;
      }
    },
  };

  // Blazor says what became of its connection; see https://learn.microsoft.com/aspnet/core/blazor/fundamentals/signalr
  document.addEventListener('DOMContentLoaded', () => {
    document.getElementById('no-connection-retry')?.addEventListener('click', () => location.reload());
    const notice = document.getElementById('components-reconnect-modal');
    if (!notice) return;
    notice.addEventListener('components-reconnect-state-changed', event => {
      const { currentAttempt } = event.detail;

      // The first attempt is announced together with the loss; what happened comes first.
      const state = event.detail.state === 'retrying' && currentAttempt <= 1 ? 'show' : event.detail.state;
      if (state === 'hide') notice.close();
      else if (state === 'rejected') location.reload();
      else if (!notice.open) notice.showModal();
      if (state !== 'hide') notice.dataset.state = state;
    });
    document.getElementById('reconnect-retry').addEventListener('click', async () => {
      notice.dataset.state = 'show';
      try {
        if (!await Blazor.reconnect()) location.reload();
      } catch {
        notice.dataset.state = 'failed';
      }
    });
  });
})();
