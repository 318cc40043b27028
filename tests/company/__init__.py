"""A company's desk from real parts: Debian 12, our package, XFCE, squid and nginx, in networks of their own."""
