package equivalent

import (
	_ "embed"
	"go/format"
	"strings"

	"github.com/socktrace/socktrace/wire"
)

// goHead is what stands before calls of the client for Go, to make them a program, and
// goFoot what stands behind them.
//
//go:embed golang_head.txt
var goHead string

// goFoot ends the program that goHead begins.
const goFoot = "}\n"

// goForms are the calls of all operations.
var goForms = mergedGo(goContainers, goImages, goObjects, goSwarms)

func mergedGo(all ...goTable) goTable {
	m := make(goTable)
	for _, t := range all {
		for name, form := range t {
			m[name] = form
		}
	}
	return m
}

// goClient returns a call of the client for Go that asks for the same.
func goClient(x *wire.Exchange, o Options) Call {
	if why := unsendable(x); why != "" {
		return cannot(why)
	}
	a := wantedBy(x)
	g := &golang{secrets: secretsOf(x, o), made: o.Names.of(x)}
	form := goForms[x.Request.Call.Operation]
	if form == nil || a.cut != "" {
		if a.cut != "" {
			return cannot(a.cut)
		}
		form = goRequest
	}
	g.connect(x, o)
	form(a, g)
	for _, what := range [2][]string{a.rest(), a.body.rest()} {
		if len(what) > 0 && g.call.Text != "" {
			g.note("The client has no field for: " + strings.Join(what, ", ") + ".")
		}
	}
	g.call.Notes = append(g.call.Notes, g.secrets.notes...)
	if b, err := format.Source([]byte(g.call.Text)); err == nil {
		g.call.Text = string(b)
	}
	return g.call
}

// connect says how to reach the daemon.
func (g *golang) connect(x *wire.Exchange, o Options) {
	d := addressOf(x, o)
	e := goCall("connect", g.str(d.url()))
	if d.tls {
		e.items = append(e.items, goItem{"", goCall("client.WithTLSClientConfig", g.str(o.CACert), g.str(o.Cert), g.str(o.Key))})
		if o.Insecure {
			g.note("The client was told to trust whatever daemon answers; here it is not.")
		}
	}
	if v := x.Request.Call.Version; v != "" {
		e.items = append(e.items, goItem{"", goCall("client.WithVersion", g.str(v))})
	}
	g.call.Setup = append(g.call.Setup, "cli = "+e.line())
	if d.network == "ssh" {
		g.note("The client needs a dialer for ssh: package connhelper of github.com/docker/cli has one.")
	}
}
