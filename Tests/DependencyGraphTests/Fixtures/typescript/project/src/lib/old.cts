import fs = require("fs");
import util = require("./util");
export = util;
