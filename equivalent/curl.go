package equivalent

import (
	"strings"

	"github.com/socktrace/socktrace/wire"
)

// curl returns a command that sends the same request.
func curl(x *wire.Exchange, o Options) Call {
	if why := unsendable(x); why != "" {
		return cannot(why)
	}
	r := x.Request
	if strings.ContainsRune(r.Method+r.Target, 0) {
		return cannot("There is a zero byte in it, which no command line can have.")
	}
	w := &curlWriter{secrets: secretsOf(x, o)}
	url := w.daemon(x, o)
	w.stream(x)
	body := sentBy(x)
	w.method(r, body.there)
	w.fields(x, body.there)
	w.body(x, body)
	w.target(r, url)
	w.call.Notes = append(w.call.Notes, w.secrets.notes...)
	w.call.Text = w.text("")
	if t := o.Names.of(x); t != nil {
		w.call.Text = t.variable + "=$(" + w.text("-sS ") + " | jq -r ." + t.key + ")"
		o.Names.add(t)
	}
	return w.call
}

// daemon adds how to reach the daemon, and returns the beginning of the URL.
func (w *curlWriter) daemon(x *wire.Exchange, o Options) string {
	d := daemonOf(x, o)
	if d.note != "" {
		w.call.note(d.note)
	}
	switch d.network {
	case "unix":
		if name, is := strings.CutPrefix(d.address, "@"); is {
			w.add("--abstract-unix-socket " + shellWord(name))
		} else {
			w.add("--unix-socket " + shellWord(d.address))
		}
		return "http://localhost"
	case "npipe":
		w.call.note("curl cannot connect to the named pipe " + d.address + ": put a TCP address of the daemon in the place of localhost.")
		return "http://localhost"
	}
	if !d.tls {
		return "http://" + d.address
	}
	w.tls(o)
	host := d.address
	if name := o.ServerName; name != "" {
		if _, port, ok := cutPort(host); ok && !strings.HasPrefix(host, name+":") {
			w.add("--connect-to " + shellWord("::"+host))
			host = name + ":" + port
		}
	}
	return "https://" + host
}

// tls adds the files for TLS.
func (w *curlWriter) tls(o Options) {
	if o.Insecure {
		w.add("--insecure")
	}
	for _, f := range []struct{ flag, file string }{{"--cacert", o.CACert}, {"--cert", o.Cert}, {"--key", o.Key}} {
		if f.file != "" {
			w.add(f.flag + " " + shellWord(f.file))
		}
	}
	if o.CACert+o.Cert+o.Key == "" && !o.Insecure {
		w.call.note("The daemon speaks TLS. Which files its client had is not known: --cacert ca.pem --cert cert.pem --key key.pem name them, if it needs any.")
	}
}

// method adds the request's method, where curl would take another.
func (w *curlWriter) method(r *wire.Request, body bool) {
	switch {
	case r.Method == "HEAD" && !body:
		w.add("--head")
	case r.Method == "GET" && !body:
	default:
		w.add("-X " + shellWord(r.Method))
	}
}

// unsaid are the fields that curl has ideas of its own about, or that tell of the client
// and its connection and not of what it asks for.
var unsaid = map[string]bool{
	"host": true, "user-agent": true, "content-length": true, "transfer-encoding": true, "accept-encoding": true, "expect": true,
	"keep-alive": true, "te": true, "trailer": true, "traceparent": true, "tracestate": true, "baggage": true, "content-encoding": true,
	wire.UnknownField: true,
}

// fields adds what matters of the head.
func (w *curlWriter) fields(x *wire.Exchange, body bool) {
	for i := range x.Request.Fields {
		f := &x.Request.Fields[i]
		name := strings.ToLower(f.Name)
		switch {
		case unsaid[name] || strings.HasPrefix(name, ":"),
			name == "accept" && f.Value == "*/*",
			name == "connection" && !strings.EqualFold(f.Value, "upgrade"),
			name == "content-type" && !body:
			continue
		case !isToken(f.Name): // "@file" would be read by curl
			w.call.note("A field is left out whose name is none that HTTP allows: " + f.Name)
		case strings.ContainsRune(f.Value, 0):
			w.call.note("The field " + f.Name + " has a zero byte in it, and is left out.")
		case f.Value == "":
			w.add("-H " + shellQuoted(f.Name+";")) // so curl sends a field without a value
		case f.Masked && isRegistryAuth(name) && strings.HasPrefix(f.Value, "{"):
			w.registryAuth(f)
		default:
			w.add("-H " + shellQuotedTo(f.Name+": ", w.quoted(f.Value, f.Name)))
		}
	}
	if body && !wire.HasField(x.Request.Fields, "content-type") {
		w.add("-H 'Content-Type:'") // else curl says that it is a form
	}
}

// isToken says whether s is what the name of a field may be (RFC 9110, section 5.6.2).
func isToken(s string) bool {
	for i := range len(s) {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', strings.IndexByte("!#$%&'*+-.^_`|~", c) >= 0:
		default:
			return false
		}
	}
	return s != ""
}

// shellQuotedTo returns one word of text and a word that is quoted already.
func shellQuotedTo(text, quoted string) string {
	if isShown(text, "") && quoted != "" && (quoted[0] == '\'' && !strings.Contains(text, "'") || quoted[0] == '"' && isInert(text)) {
		return quoted[:1] + text + quoted[1:]
	}
	return shellQuoted(text) + quoted
}

// isRegistryAuth says whether a field carries credentials for registries, as base64 of JSON.
func isRegistryAuth(name string) bool {
	return name == "x-registry-auth" || name == "x-registry-config"
}

// registryAuth adds a field whose value was decoded to mask what is in it.
func (w *curlWriter) registryAuth(f *wire.Field) {
	variable := w.secrets.name(strings.TrimPrefix(strings.ToLower(f.Name), "x-"))
	w.add("-H " + shellQuoted(f.Name+": ") + `"$` + variable + `"`)
	w.call.note(variable + " is the base64url of this JSON, with what was masked in it: " + f.Value)
}

// body adds the request's body.
func (w *curlWriter) body(x *wire.Exchange, b sent) {
	if !b.there {
		return
	}
	if b.note != "" {
		w.call.note(b.note)
	}
	switch {
	case b.file != "":
		w.add("--data-binary " + shellWord("@"+b.file))
	case strings.HasPrefix(b.text, "@"):
		w.add("--data-raw " + w.quoted(b.text, "body"))
	default:
		w.add("-d " + w.quoted(b.text, "body"))
	}
	if x.RequestBody.Coding != "" {
		w.call.note("The body was sent compressed, as " + x.RequestBody.Coding + "; here it is not.")
	}
}

// target adds the URL.
func (w *curlWriter) target(r *wire.Request, url string) {
	target := r.Target
	path, _, _ := strings.Cut(target, "?")
	switch {
	case !strings.HasPrefix(target, "/") || !isURL(target):
		w.add("--request-target " + w.quoted(target, "secret"))
		target = "/"
	case strings.ContainsAny(target, "{}[]"):
		w.add("--globoff")
		fallthrough
	default:
		if strings.Contains(path, "/.") {
			w.add("--path-as-is")
		}
	}
	w.add(shellQuotedTo(url, w.quoted(target, "secret")))
}

// isURL says whether target consists of what may be in a URL, and has no fragment.
func isURL(target string) bool {
	for i := range len(target) {
		if c := target[i]; c <= ' ' || c >= 0x7f || strings.IndexByte("\"<>\\^`|#", c) >= 0 {
			return false
		}
	}
	return true
}
