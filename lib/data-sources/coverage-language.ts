import "server-only";

/** Values of lc_messages with which messages are English: the collector knows statements by the words around them. */
export const ENGLISH = /^(C|POSIX|en|english)([._@-].*)?$/i;
