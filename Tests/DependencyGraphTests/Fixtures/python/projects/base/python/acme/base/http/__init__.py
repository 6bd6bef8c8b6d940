import http
