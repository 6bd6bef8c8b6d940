fn gate() { loud!(); }
