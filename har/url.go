package har

import (
	"net/netip"
	"strconv"
	"strings"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/wire"
)

// localhost stands for hosts that are missing or have no valid name. No agreed
// scheme for sockets exists, and importers refuse what is not http.
const localhost = "localhost"

// url writes the URL of a request: absolute, without a fragment, and with nothing in
// it that a URL cannot hold (RFC 3986). The target is in one of four forms (RFC 9112,
// section 3.2).
func (o *object) url(r *wire.Request) {
	target, _, _ := strings.Cut(r.Target, "#")
	switch {
	case isAbsolute(target):
		scheme, rest, _ := strings.Cut(target, "://")
		end := strings.IndexAny(rest, "/?")
		if end < 0 {
			end = len(rest)
		}
		o.put(strings.ToLower(scheme))
		o.put("://")
		o.put(o.host.or(rest[:end]))
		target = rest[end:]
	case r.Method == "CONNECT":
		o.put("http://")
		o.put(o.host.or(target))
		target = ""
	default:
		o.put("http://")
		o.put(o.host.or(wire.FieldValue(r.Fields, "Host")))
	}
	if !strings.HasPrefix(target, "/") {
		o.put("/")
	}
	o.B = appendEscaped(o.B, target)
}

// hostMemory remembers the last host: requests mostly name the same.
type hostMemory struct{ last, is string }

// or is hostOr.
func (m *hostMemory) or(host string) string {
	if host != m.last || m.is == "" {
		m.last = strings.Clone(host) // a head need not stay for it
		m.is = hostOr(m.last)
	}
	return m.is
}

func isAbsolute(target string) bool {
	scheme, _, ok := strings.Cut(target, "://")
	return ok && (strings.EqualFold(scheme, "http") || strings.EqualFold(scheme, "https"))
}

// appendEscaped appends the path and query of a URL. Escapes stay as they are;
// bytes that must not stand there are escaped.
func appendEscaped(dst []byte, s string) []byte {
	const digits = "0123456789ABCDEF"
	done := 0
	for i := range len(s) {
		c := s[i]
		if urlByte[c] || c == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]) {
			continue
		}
		dst = append(dst, s[done:i]...)
		dst = append(dst, '%', digits[c>>4], digits[c&15])
		done = i + 1
	}
	return append(dst, s[done:]...)
}

// urlByte are the bytes that may stand in the path and query of a URL (RFC
// 3986, section 3.3 and 3.4).
var urlByte = func() (t [256]bool) {
	for c := range t {
		t[c] = isAlphanumeric(byte(c)) || strings.IndexByte("-._~!$&'()*+,;=:@/?", byte(c)) >= 0
	}
	return t
}()

func isAlphanumeric(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

// hostOr returns host, which may have a port, or localhost.
func hostOr(host string) string {
	name, port := host, ""
	if i := strings.LastIndexByte(host, ':'); i >= 0 && !strings.HasSuffix(host, "]") {
		name, port = host[:i], host[i+1:]
	}
	if !isHost(name) || !isPort(port) {
		return localhost
	}
	if port == "" {
		return name
	}
	return host
}

func isPort(s string) bool {
	if s == "" {
		return true
	}
	_, err := strconv.ParseUint(s, 10, 16)
	return err == nil && s[0] != '+'
}

// isHost says whether s is a host name or an address, as all importers know
// them: labels of at most 63 characters. One whose last label is a number is an
// IPv4 address or nothing (WHATWG URL, section 3.5); an encoded label may be
// nothing, which takes tables to know.
func isHost(s string) bool {
	if strings.HasPrefix(s, "[") && strings.HasSuffix(s, "]") {
		a, err := netip.ParseAddr(s[1 : len(s)-1])
		return err == nil && a.Is6() && a.Zone() == ""
	}
	last := ""
	for label := range strings.SplitSeq(strings.TrimSuffix(s, "."), ".") {
		if label == "" || len(label) > 63 || len(label) >= 4 && strings.EqualFold(label[:4], "xn--") || !isLabel(label) {
			return false
		}
		last = label
	}
	if c := last[0]; '0' <= c && c <= '9' && isNumber(last) {
		a, err := netip.ParseAddr(s)
		return err == nil && a.Is4()
	}
	return len(s) <= 253
}

func isLabel(s string) bool {
	for i := range len(s) {
		if c := s[i]; !isAlphanumeric(c) && c != '-' && c != '_' {
			return false
		}
	}
	return true
}

// isNumber says whether a label is a number to a browser: decimal, or
// hexadecimal behind 0x.
func isNumber(label string) bool {
	if len(label) >= 2 && label[0] == '0' && label[1]|0x20 == 'x' {
		return strings.Trim(label[2:], "0123456789abcdefABCDEF") == ""
	}
	return strings.Trim(label, "0123456789") == ""
}

// query calls f for each pair of the target's query, decoded.
func query(target string, f func(name, value string)) {
	target, _, _ = strings.Cut(target, "#")
	_, q, _ := strings.Cut(target, "?")
	for q != "" {
		var pair string
		pair, q, _ = strings.Cut(q, "&")
		if pair == "" {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		f(dockerapi.Unescaped(name), dockerapi.Unescaped(value))
	}
}

// targetOf returns the request target of a URL, in the form that the method
// wants.
func targetOf(method, rawURL string) string {
	rawURL, _, _ = strings.Cut(rawURL, "#")
	_, rest, ok := strings.Cut(rawURL, "://")
	if !ok {
		return rawURL
	}
	i := strings.IndexAny(rest, "/?")
	switch {
	case method == "CONNECT" && i >= 0:
		return rest[:i]
	case method == "CONNECT":
		return rest
	case i < 0:
		return "/"
	case rest[i] == '?':
		return "/" + rest[i:]
	}
	return rest[i:]
}
