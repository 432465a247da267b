const storageKey = 'robotrader.token';

/** The write token: handed over in the address of the first visit (`#token=`), kept for this tab, removed from the address. */
export function deskToken(): string | null {
  const fromAddress = new URLSearchParams(window.location.hash.slice(1)).get('token');
  if (fromAddress !== null && fromAddress !== '') {
    sessionStorage.setItem(storageKey, fromAddress);
    window.history.replaceState(null, '', window.location.pathname + window.location.search);
    return fromAddress;
  }
  return sessionStorage.getItem(storageKey);
}
