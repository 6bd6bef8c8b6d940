const built = require("built");
const core = require("@acme/core");
module.exports = { built, core };
