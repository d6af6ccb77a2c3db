package policy

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/wire"
)

const (
	// maxClients and maxOthers bound what is told apart.
	maxClients = 256
	maxOthers  = 1024
	// maxMethod bounds what is kept of a method, in bytes.
	maxMethod = 20
	// maxPending is of how many exchanges that have not ended the mounts are remembered.
	maxPending = 4096
)

// exchangeOf stands for an exchange that has not ended.
type exchangeOf struct {
	conn   *wire.Conn
	number int
}

// document is what is remembered of one that may mount something.
type document struct {
	binds   []string
	borrows bool
	cut     bool
}

// account adds up what clients ask for. One goroutine at a time does.
type account struct {
	seen    Seen
	rules   Rules // that requests are compared with; nil: none
	clients map[string]int
	names   []string // of clients
	asked   map[int]int64
	others  map[string]*Other
	binds   map[string]bool
	pending map[exchangeOf]document
	denials denials
	known   map[*operation]*[2]compiled // how their paths are matched
	routes  map[*dockerapi.Operation]*operation
}

func newAccount(rules Rules) *account {
	a := &account{
		rules: rules, clients: map[string]int{}, asked: map[int]int64{}, others: map[string]*Other{}, binds: map[string]bool{},
		pending: map[exchangeOf]document{}, known: map[*operation]*[2]compiled{},
		routes: map[*dockerapi.Operation]*operation{},
	}
	a.seen.uses, a.seen.failed = map[*operation]*Use{}, map[int]int64{}
	all := operations()
	for i := range all {
		a.routes[all[i].Operation] = &all[i]
	}
	return a
}

// event adds what an event tells.
func (a *account) event(ev wire.Event, x *wire.Exchange) {
	switch ev := ev.(type) {
	case *wire.Message:
		a.message(ev, x)
	case *wire.Exchange:
		if reaches(ev.Conn) {
			a.exchange(ev)
		}
	}
}

// reaches reports whether what is asked on a connection would be asked of a proxy: not what
// travels inside of an answer of the daemon's.
func reaches(c *wire.Conn) bool {
	for ; c != nil && c.Parent.Conn != nil; c = c.Parent.Conn {
		if c.Parent.Exchange != 0 && c.Via != "connect" && c.Via != "tls" {
			return false
		}
	}
	return c == nil || !c.Reversed
}

// message remembers what a document wants to have mounted.
func (a *account) message(m *wire.Message, x *wire.Exchange) {
	if m.Dir != wire.ToServer || m.Kind != wire.KindJSON || m.Index != 0 || x == nil || x.Request == nil || len(m.Data) == 0 || !mounts[x.Request.Call.Operation] {
		return
	}
	if len(a.pending) >= maxPending {
		return // it counts as unread
	}
	binds, borrows := bindsOf(x.Request.Call.Operation, m.Data)
	a.pending[exchangeOf{m.Conn, m.Exchange}] = document{binds, borrows, m.Truncated}
}

// exchange adds one that has ended.
func (a *account) exchange(x *wire.Exchange) {
	key := exchangeOf{x.Conn, x.Exchange}
	doc, read := a.pending[key]
	delete(a.pending, key)
	r := x.Request
	if r == nil {
		return
	}
	a.seen.Requests++
	if x.Response != nil && x.Response.Status >= 400 && x.Response.Status < 600 {
		a.seen.failed[x.Response.Status]++
	}
	client := a.client(x)
	a.asked[client]++
	op := a.operation(r)
	if op != nil && mounts[op.Name] {
		a.document(doc, read)
	}
	switch {
	case r.Stream != 0 || r.Method == "PRI" || op == nil && r.Call.Operation == "GRPCMethod":
		a.seen.HTTP2++
		return
	case op == nil:
		a.other(r, client)
	default:
		a.use(op, x, client)
	}
	if a.rules != nil {
		a.check(r, op, client, doc)
	}
}

// check notes a request that the rules would have denied.
func (a *account) check(r *wire.Request, op *operation, client int, doc document) {
	v := a.rules.Decide(Request{Method: r.Method, Target: r.Target, Binds: doc.binds})
	if v.Allowed {
		return
	}
	what := r.Method[:min(len(r.Method), maxMethod)] + " "
	if op != nil {
		what = op.Name
	} else {
		_, path, _ := Request{Target: r.Target}.path()
		what += clipped(path)
	}
	a.denials.add(a.names[client], what, v.Why, r.Method+" "+r.Target)
}

// operation returns what a request asks for; nil if that is none that proxies are asked for.
func (a *account) operation(r *wire.Request) *operation {
	call, ok := dockerapi.Match(r.Method, r.Target)
	if !ok {
		return nil
	}
	return a.routes[call.Op]
}

// document adds what one wants to have mounted.
func (a *account) document(d document, read bool) {
	if !read || d.cut {
		a.seen.unread++
	}
	a.seen.borrows = a.seen.borrows || d.borrows
	for _, source := range d.binds {
		switch {
		case a.binds[source]:
		case len(a.binds) >= maxBinds:
			a.seen.bindsMore = true
		default:
			a.binds[strings.Clone(source)] = true
		}
	}
}

// client returns the number of who asked.
func (a *account) client(x *wire.Exchange) int {
	name := nameOf(x)
	n, known := a.clients[name]
	if !known && len(a.names) >= maxClients {
		name = "others"
		n, known = a.clients[name]
	}
	if !known {
		n, name = len(a.names), strings.Clone(name)
		a.names = append(a.names, name)
		a.clients[name] = n
	}
	return n
}

// use adds a request for an operation.
func (a *account) use(op *operation, x *wire.Exchange, client int) {
	u := a.seen.uses[op]
	if u == nil {
		u = &Use{op: op, clients: map[int]int64{}, Example: clipped(x.Request.Method + " " + x.Request.Target)}
		a.seen.uses[op] = u
		a.known[op] = &[2]compiled{decodedPath.compile(op), sentTarget.compile(op)}
	}
	u.Count++
	u.clients[client]++
	u.Stream = u.Stream || x.Upgrade != nil && x.Response != nil && x.Response.Status == 200
	request := Request{Method: x.Request.Method, Target: x.Request.Target}
	_, path, _ := request.path()
	decoded, ok := a.known[op][0].least(path, u.decoded)
	sent, okSent := a.known[op][1].least(request.origin(), u.sent)
	if !ok || !okSent {
		u.Based++
		return
	}
	u.decoded, u.sent = decoded, sent
}

// other adds a request for what is no operation.
func (a *account) other(r *wire.Request, client int) {
	_, path, _ := Request{Target: r.Target}.path()
	method, path := r.Method[:min(len(r.Method), maxMethod)], clipped(path)
	key := method + " " + path
	o := a.others[key]
	switch {
	case o != nil:
	case len(a.others) >= maxOthers:
		a.seen.OtherMore++
		return
	default:
		o = &Other{Method: strings.Clone(method), Path: path, Client: a.names[client]}
		a.others[key] = o
	}
	o.Count++
}

// result returns what was seen. Nothing is added any more.
func (a *account) result() *Seen {
	s := &a.seen
	names := func(counts map[int]int64) (all []string) {
		for _, n := range byCount(counts) {
			all = append(all, a.names[n])
		}
		return all
	}
	s.Clients = names(a.asked)
	all := operations()
	for i := range all {
		if u := s.uses[&all[i]]; u != nil {
			u.Clients = names(u.clients)
			s.Operations = append(s.Operations, u)
		}
	}
	for _, o := range a.others {
		s.Others = append(s.Others, *o)
	}
	slices.SortFunc(s.Others, func(x, y Other) int {
		return cmp.Or(cmp.Compare(y.Count, x.Count), cmp.Compare(x.Path, y.Path), cmp.Compare(x.Method, y.Method))
	})
	s.Binds = slices.Sorted(maps.Keys(a.binds))
	for _, d := range a.denials.of {
		s.denied = append(s.denied, *d)
	}
	s.deniedAll, s.deniedMore = a.denials.all, a.denials.more
	slices.SortFunc(s.denied, func(x, y denial) int {
		return cmp.Or(cmp.Compare(x.client, y.client), cmp.Compare(y.count, x.count), cmp.Compare(x.what, y.what), cmp.Compare(x.why, y.why))
	})
	return s
}
