package equivalent

import (
	"strings"

	"github.com/socktrace/socktrace/wire"
)

// python returns lines of Python that ask docker-py for the same.
func python(x *wire.Exchange, o Options) Call {
	if why := unsendable(x); why != "" {
		return cannot(why)
	}
	w := &pyWriter{x: x, sent: sentBy(x), made: o.Names.of(x)}
	w.secrets = secretsOf(x, o)
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
	return pyRaw(w, noMethod(x.Request))
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
	args := []string{"base_url=" + pyString(d.url())}
	if v := w.x.Request.Call.Version; v != "" {
		args = append(args, "version="+pyString(v))
	}
	if d.network == "tcp" && d.tls {
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
		return pyRaw(w, notRead)
	}
	function := w.of(s.function, w.x.Request.Call.Subject)
	if s.about {
		w.positional(w.subject())
	}
	w.parameters(s.query)
	w.bodyArguments(s.body)
	w.implied(s.implied)
	if s.sends != "" {
		w.field(s.sends)
	}
	w.args = append(w.args, strings.Fields(s.fixed)...)
	if s.note != "" {
		w.call.note(s.note)
	}
	if s.auth {
		w.auth()
	}
	format := s.format
	if format == "" {
		format = shown
	}
	return w.finish(function, format)
}
