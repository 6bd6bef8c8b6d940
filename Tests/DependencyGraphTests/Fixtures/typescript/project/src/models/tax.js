exports.tax = 1;
