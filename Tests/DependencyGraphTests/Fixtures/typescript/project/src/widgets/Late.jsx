const { Button } = require("./Button");
module.exports = <Button/>;
