package lib

const Other = "other"
