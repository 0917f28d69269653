import htmx from "htmx.org/dist/htmx.esm.js";

// The extension, written for a plain script tag, looks for it there.
(window as any).htmx = htmx;

export default htmx;
