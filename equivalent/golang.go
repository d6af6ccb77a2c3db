package equivalent

import (
	_ "embed"
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
	g := &golang{secrets: secretsOf(x)}
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

// goRequest is the form of what the client has no method for: the request itself.
func goRequest(a *wanted, g *golang) {
	r := a.x.Request
	a.spent = allSpent(a)
	a.body.use()
	body := goWord("nil")
	if s := sentBy(a.x); s.there && s.file == "" {
		body = goCall("strings.NewReader", g.str(s.text))
	} else if s.there {
		body = goFile(s.file)
		g.note(s.note)
	}
	g.line(goCall("request", g.str(r.Method), g.str(r.Target), body))
	g.note("The client has no method for this: the request itself, by its HTTP client.")
}

// allSpent is all parameters of a request.
func allSpent(a *wanted) map[string]bool {
	all := make(map[string]bool)
	for name := range a.query {
		all[name] = true
	}
	return all
}
