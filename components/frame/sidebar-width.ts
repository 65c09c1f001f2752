/** Remembers in this browser whether the navigation is narrow; the server reads it, so that the page comes right at once. */
export const SIDEBAR_COOKIE = "afd_sidebar";
export const NARROW = "narrow";
