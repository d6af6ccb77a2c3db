package field

import "strings"

// schemes are the authentication schemes, in lower case, that are left to be
// seen before the credentials (RFC 9110, section 11.4).
var schemes = map[string]bool{
	"basic": true, "bearer": true, "digest": true, "negotiate": true, "ntlm": true, "token": true,
	"apikey": true, "macaroon": true, "peercred": true, "aws4-hmac-sha256": true, "dpop": true,
	"hawk": true, "hoba": true, "kerberos": true, "mutual": true, "oauth": true,
	"scram-sha-1": true, "scram-sha-256": true,
}

// Credentials returns the authentication scheme that value begins with, and the
// credentials behind it; false if the field with this name has none, or if the
// scheme is not known. The name is in lower case.
func Credentials(name, value string) (scheme, credentials string, ok bool) {
	if !strings.HasSuffix(name, "authorization") {
		return "", "", false
	}
	scheme, credentials, _ = strings.Cut(value, " ")
	credentials = strings.TrimLeft(credentials, " \t")
	return scheme, credentials, credentials != "" && schemes[strings.ToLower(scheme)]
}

// HasRegistryAuth says whether the field with this name, in lower case, carries
// credentials for registries.
func HasRegistryAuth(name string) bool {
	return name == "x-registry-auth" || name == "x-registry-config"
}

// noAuth are the values of such fields that say that there are no credentials:
// "{}" and "null" in base64.
var noAuth = map[string]bool{"": true, "e30=": true, "e30": true, "bnVsbA==": true, "bnVsbA": true}

// IsNoAuth says whether value, of such a field, says that there are no
// credentials.
func IsNoAuth(value string) bool { return noAuth[value] }
