// The page's own words for scripts: they come translated from the server.
window.xWords = function (name, values) {
  "use strict";
  var said = document.getElementById("x-words").dataset[name] || "";
  Object.keys(values || {}).forEach(function (key) { said = said.split("{" + key + "}").join(values[key]); });
  return said;
};
