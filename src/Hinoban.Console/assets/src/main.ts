import "./globals";
import "htmx.org/dist/ext/hx-sse.js";
import { startCharts } from "./chart";
import { startClock } from "./clock";
import { startDesk } from "./desk";
import { startForms } from "./forms";
import { startKeys } from "./keys";
import { startLive } from "./live";
import { startNotices } from "./notices";
import { startSound } from "./sound";

// After htmx has bound the forms (it waits one turn of the loop too): a key pressed before would send them the plain way.
setTimeout(() => {
  startNotices();
  startClock();
  startLive();
  startSound();
  startDesk();
  startKeys();
  startForms();
  startCharts();
});
