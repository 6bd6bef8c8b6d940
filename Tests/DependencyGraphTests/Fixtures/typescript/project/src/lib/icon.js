define(["./util", "exports"], function (util) { return util });
