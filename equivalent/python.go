package equivalent

import (
	"encoding/json"
	"strings"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/wire"
)

// python returns lines of Python that ask docker-py for the same.
func python(x *wire.Exchange, o Options) Call {
	if why := unsendable(x); why != "" {
		return cannot(why)
	}
	w := &pyWriter{x: x, sent: sentBy(x)}
	w.secrets = secretsOf(x)
	w.asked = *askedBy(x, w.sent)
	if !w.client(o) {
		return w.call
	}
	name := x.Request.Call.Operation
	if special := pySpecial[name]; special != nil {
		return special(w)
	}
	if s := pySpecs[name]; s != nil {
		return w.spec(s)
	}
	return pyRaw(w)
}

// client adds the lines that make the client; false if docker-py has none for the daemon.
func (w *pyWriter) client(o Options) bool {
	d := daemonOf(w.x, o)
	if d.note != "" {
		w.call.note(d.note)
	}
	if d.network == "unix" && strings.HasPrefix(d.address, "@") {
		w.call.note("docker-py cannot connect to an abstract socket, such as that of the daemon here.")
		return false
	}
	args := []string{"base_url=" + pyString(d.network+"://"+d.address)}
	if d.network == "npipe" {
		args[0] = "base_url=" + pyString("npipe://"+d.address)
	}
	if v := w.x.Request.Call.Version; v != "" {
		args = append(args, "version="+pyString(v))
	}
	if d.network == "tcp" && o.TLS {
		args = append(args, "tls="+w.tls(o))
	}
	w.call.Setup = []string{"import docker", "client = docker.DockerClient(" + strings.Join(args, ", ") + ")"}
	return true
}

// tls returns the expression of how to speak TLS.
func (w *pyWriter) tls(o Options) string {
	var args []string
	if o.Cert != "" {
		args = append(args, "client_cert=("+pyString(o.Cert)+", "+pyString(o.Key)+")")
	}
	if o.CACert != "" {
		args = append(args, "ca_cert="+pyString(o.CACert))
	}
	if o.CACert+o.Cert == "" && !o.Insecure {
		w.call.note("Which files its client had for TLS is not known: client_cert=('cert.pem', 'key.pem') and ca_cert='ca.pem' name them.")
	}
	return "docker.tls.TLSConfig(" + strings.Join(append(args, "verify="+pyBool(!o.Insecure)), ", ") + ")"
}

// spec writes the call of an operation of the table.
func (w *pyWriter) spec(s *pySpec) Call {
	if len(s.body) > 0 && !w.isRead() {
		return pyRaw(w)
	}
	function := strings.ReplaceAll(s.function, "{}", w.subject())
	if s.about {
		w.positional(w.subject())
	}
	w.parameters(s.query)
	w.bodyArguments(s.body)
	w.implied(s.implied)
	w.args = append(w.args, strings.Fields(s.fixed)...)
	if s.note != "" {
		w.call.note(s.note)
	}
	if s.auth {
		w.auth()
	}
	format := s.format
	if format == "" {
		format = "%s"
	}
	return w.finish(function, format)
}

// implied takes out parameters that docker-py sends itself, given as "a=1 b=2".
func (w *pyWriter) implied(pairs string) {
	for pair := range strings.FieldsSeq(pairs) {
		name, value, _ := strings.Cut(pair, "=")
		for i := range w.query {
			if m := &w.query[i]; m.name == name && m.text == value {
				m.used = true
			}
		}
	}
}

// auth adds the credentials that were sent, if there are any.
func (w *pyWriter) auth() {
	v := wire.FieldValue(w.x.Request.Fields, "x-registry-auth")
	if v == "" {
		return
	}
	doc, ok := decodedAuth(v)
	switch {
	case !ok:
		w.environ = true
		w.named("auth_config", "os.environ['REGISTRY_AUTH']")
		w.call.note("REGISTRY_AUTH is a secret that was masked; docker-py wants a dict with username and password there.")
	case !isEmpty(doc):
		w.named("auth_config", w.value(doc, "auth"))
	}
}

// document returns the expression of a parameter's value that is a document of JSON;
// false if it is none.
func (w *pyWriter) document(v string, a arg) (string, bool) {
	if !json.Valid([]byte(v)) || v == "" || v[0] != '{' && v[0] != '[' {
		return "", false
	}
	if a.as == asFilters {
		v = withLists(v)
	}
	return w.value([]byte(v), a.from), true
}

// isRead reports whether what was sent as a document is known, if anything was.
func (w *pyWriter) isRead() bool { return w.isDoc || !w.sent.there }

// pyRaw writes the request itself.
func pyRaw(w *pyWriter) Call {
	r := w.x.Request
	method := strings.ToLower(r.Method)
	switch method {
	case "get", "post", "put", "delete", "head", "options", "patch":
		method = "client.api." + method
	default:
		method = "client.api.request"
		w.positional(pyString(r.Method))
	}
	path, _, _ := strings.Cut(r.Target, "?")
	w.positional("client.api.base_url + " + w.text(path, "secret"))
	w.rawQuery()
	switch {
	case w.sent.file != "":
		w.named("data", "open("+pyString(w.sent.file)+", 'rb')")
		w.call.note(w.sent.note)
	case w.isDoc:
		w.named("json", w.value([]byte(w.sent.text), "body"))
	case w.sent.there:
		w.named("data", w.text(w.sent.text, "body")+".encode()")
	}
	switch _, known := dockerapi.Match(r.Method, r.Target); {
	case !w.isRead():
		w.call.note("It is the request itself, since its document does not stand here.")
	case known:
		w.call.note("docker-py has no method for this: it is the request itself.")
	}
	w.asked = asked{}
	return w.finish(method, "%s")
}

// rawQuery adds the query.
func (w *pyWriter) rawQuery() {
	var pairs []string
	for _, m := range w.query {
		pairs = append(pairs, "("+w.text(m.name, "name")+", "+w.text(m.text, m.name)+")")
	}
	if len(pairs) > 0 {
		w.named("params", "["+strings.Join(pairs, ", ")+"]")
	}
}
