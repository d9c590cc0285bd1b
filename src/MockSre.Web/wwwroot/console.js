// Loaded first: it sets the theme before the first paint.
(() => {
  const key = 'mocksre-theme';
  const system = matchMedia('(prefers-color-scheme: dark)');

  // If storage is forbidden, the choice lasts as long as the page.
  let chosen = null;
  try { chosen = localStorage.getItem(key); } catch { /* no choice */ }

  const paint = () => { document.documentElement.dataset.theme = chosen ?? (system.matches ? 'dark' : 'light'); };
  paint();
  system.addEventListener('change', paint);

  // Blazor cannot show a page outside its base path, such as one opened directly instead of through the proxy. Move it into the base path.
  const base = new URL(document.baseURI).pathname;
  const { pathname, search, hash } = location;
  if (!pathname.startsWith(base)) location.replace((pathname + '/' === base ? base : base + pathname.slice(1)) + search + hash);

  // Blazor renders nothing if it cannot connect. Ask the service for the reason.
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
      try { localStorage.setItem(key, theme); } catch { /* see above */ }
      paint();
    },
    // The clipboard API needs HTTPS or loopback. execCommand works elsewhere.
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

  // Blazor's connection events: https://learn.microsoft.com/aspnet/core/blazor/fundamentals/signalr
  document.addEventListener('DOMContentLoaded', () => {
    document.getElementById('no-connection-retry')?.addEventListener('click', () => location.reload());
    const notice = document.getElementById('components-reconnect-modal');
    if (!notice) return;
    notice.addEventListener('components-reconnect-state-changed', event => {
      const { currentAttempt } = event.detail;

      // The first attempt comes with the loss of the connection. Show the loss.
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
