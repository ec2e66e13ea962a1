#include <stddef.h>

// libinjection 3.9.2: the members of the static archive that libmodsecurity-dev ships without a header.
int libinjection_sqli(const char *s, size_t slen, char fingerprint[]);
int libinjection_xss(const char *s, size_t slen);
const char *libinjection_version(void);
