"use strict";
// The page is complete without this, which only compares two clocks: a daemon that was killed cannot say that it does not run.
const OLD_MILLISECONDS = 600000;
const page = document.documentElement;
const title = document.title;
function look() {
  const old = Date.now() - Number(page.dataset.written) > OLD_MILLISECONDS;
  document.getElementById("old").hidden = !old;
  for (const each of document.querySelectorAll(".fresh")) each.hidden = old;
  document.title = old ? "Chartdraft: not running?" : title;
}
look();
setInterval(look, 15000);
