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
