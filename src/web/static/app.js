// Small comforts only: every page works without this file.
(function () {
  "use strict";

  // Copy buttons are in the page, hidden, and shown here where copying is possible.
  document.querySelectorAll("button[data-copy]").forEach(function (button) {
    var field = document.getElementById(button.dataset.copy);
    if (!field || !navigator.clipboard) return;
    var said = button.textContent;
    button.hidden = false;
    button.addEventListener("click", function () {
      navigator.clipboard.writeText(field.value).then(function () {
        button.textContent = "Copied";
        setTimeout(function () { button.textContent = said; }, 2000);
      }, function () { field.select(); });
    });
  });

  // The browser that signed up is not asked a second time; the form is the same, and is posted.
  var asked = document.querySelector("form[data-at-once]");
  if (asked) asked.submit();

  // An open filter menu closes on Escape, and when the pointer goes elsewhere.
  var menus = document.querySelectorAll("details.menu");
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    menus.forEach(function (menu) {
      if (!menu.open) return;
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  });
  document.addEventListener("click", function (event) {
    menus.forEach(function (menu) { if (!menu.contains(event.target)) menu.open = false; });
  });
})();
