package audit

import (
	"github.com/socktrace/socktrace/internal/jsontext"
	"github.com/socktrace/socktrace/wire"
)

const (
	// maxName and maxPath bound names and paths in a line, in bytes.
	maxName = 128
	maxPath = 512
)

// writeClient writes who the client of a connection is.
func writeClient(w *jsontext.Writer, c *wire.Conn, certificate *wire.Certificate, o *Options) {
	c = c.Outermost()
	w.Open("client", '{')
	w.Optional("address", clip(c.Client.Addr, maxPath))
	if p := c.Client.Process; p != nil {
		name := ""
		if m := p.More; m != nil && m.Container != "" && o.Container != nil {
			name = o.Container(c, m.Container)
		}
		writeProcess(w, p, name)
	}
	if certificate != nil {
		w.Open("certificate", '{')
		w.String("subject", clip(certificate.Holder(), maxPath))
		w.Optional("fingerprint", clip(certificate.Fingerprint, maxName))
		w.Close('}')
	}
	w.Close('}')
}

// writeProcess writes what is known of a process. container is the name of that it is in, if
// that is known.
func writeProcess(w *jsontext.Writer, p *wire.Process, container string) {
	w.Int("pid", int64(p.PID))
	w.Optional("name", clip(p.Name, maxName))
	if p.UID >= 0 {
		w.Int("uid", int64(p.UID))
	}
	m := p.More
	if m == nil {
		return
	}
	w.Optional("user", clip(m.User, maxName))
	w.Optional("exe", clip(m.Exe, maxPath))
	if m.Container != "" {
		w.Open("container", '{')
		w.Optional("runtime", clip(m.Runtime, maxName))
		w.String("id", clip(m.Container, maxName))
		w.Optional("name", clip(container, maxName))
		w.Close('}')
	}
	if len(m.Parents) == 0 {
		return
	}
	w.Open("parents", '[')
	for i := range m.Parents {
		w.Open("", '{')
		w.Int("pid", int64(m.Parents[i].PID))
		w.Optional("name", clip(m.Parents[i].Name, maxName))
		w.Close('}')
	}
	w.Close(']')
}
