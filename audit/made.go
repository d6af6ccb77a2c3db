package audit

import (
	"cmp"
	"fmt"
	"sync"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/internal/jsontext"
	"github.com/socktrace/socktrace/risk"
)

const (
	// maxWhy bounds a reason that is remembered, and maxAt the address of a daemon, in bytes.
	maxWhy = 192
	maxAt  = 256
)

// made is what was seen made. Its methods may be called concurrently.
type made struct {
	mu         sync.Mutex // guards what follows
	containers things     // that have risks
	execs      things
}

// kin returns what an entry asks for, in the names of Docker's API.
func kin(e *entry) string {
	if e.request == nil {
		return ""
	}
	return dockerapi.Named(e.request.Call.Operation).Kin()
}

// daemon returns the address of the daemon that an entry asks.
func daemon(e *entry) string { return clip(e.conn.Outermost().Server.Addr, maxAt) }

// note remembers what an entry has made, from a document that the daemon has answered.
func (d *made) note(e *entry, doc []byte) {
	name := kin(e)
	if name != "ContainerCreate" && name != "ContainerExec" || e.status/100 != 2 {
		return
	}
	id := ""
	for member, value := range jsontext.Members(doc) {
		if jsontext.Named(member, "Id") {
			s, _ := jsontext.Unquote(value)
			id = string(s)
		}
	}
	if id == "" || len(id) > maxName {
		return
	}
	t := &thing{at: daemon(e), id: id, maker: makerOf(e.conn), heard: e.heard}
	for _, r := range e.risks {
		if !t.has(r.Mark) && r.Mark != risk.SecretSent {
			t.risks = append(t.risks, risk.Risk{Mark: r.Mark, Why: clip(fmt.Sprintf("created so (conn %d, exchange %d): %s", e.conn.ID, e.number, r.Why), maxWhy)})
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if name == "ContainerExec" {
		t.exec, t.params = true, e.params
		t.container = clip(cmp.Or(e.subject.Name, e.subject.ID), maxText)
		d.execs.put(t)
		return
	}
	t.name = clip(e.subject.Name, maxText)
	delete(d.containers.named, [2]string{t.at, t.name}) // it is this one's now
	if len(t.risks) > 0 {
		d.containers.put(t)
	}
}

// follow adds to an entry what is known of that which it starts.
func (d *made) follow(e *entry) {
	var t *thing
	switch name := kin(e); name {
	case "ContainerStart":
		d.mu.Lock()
		t = d.containers.find(daemon(e), e.subject.ID, e.request.Call.Subject)
		d.mu.Unlock()
	case "ExecStart":
		d.mu.Lock()
		t = d.execs.find(daemon(e), e.request.Call.Subject, "")
		d.mu.Unlock()
	}
	if t == nil {
		return
	}
	for _, r := range t.risks {
		if r.Mark != risk.Exec { // a start has that of its own
			e.add([]risk.Risk{r})
		}
	}
	e.of(t)
}
