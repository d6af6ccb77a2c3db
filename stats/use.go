package stats

import (
	"cmp"
	"slices"
	"strings"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/internal/jsontext"
	"github.com/socktrace/socktrace/wire"
)

const (
	// maxUses bounds what is known to have been made use of, and maxRead the documents of
	// exchanges that have not ended of which it is remembered.
	maxUses = 4096
	maxRead = 1024
	// maxFields is of how many fields of a document it is.
	maxFields = 32
)

// use is what stands for a Use.
type use struct {
	client    *client
	version   int // as client.asks returns it
	operation string
	argument  *dockerapi.Argument
}

// exchangeOf stands for an exchange that has not ended.
type exchangeOf struct {
	conn   *wire.Conn
	number int
}

// uses are what was made use of.
type uses struct {
	of    map[use]int64
	other int64
	read  map[exchangeOf][]*dockerapi.Argument // fields of documents, until their exchange has ended
}

// add counts what an exchange made use of.
func (u *uses) add(x *wire.Exchange, c *client, version int) {
	key := exchangeOf{x.Conn, x.Exchange}
	fields := u.read[key]
	if fields != nil {
		delete(u.read, key)
	}
	if x.Request == nil || x.Request.Call.Operation == "" {
		return
	}
	op := x.Request.Call.Operation
	u.count(use{c, version, op, nil})
	for _, a := range fields {
		u.count(use{c, version, op, a})
	}
	if _, query, ok := strings.Cut(x.Request.Target, "?"); ok {
		dockerapi.DatedParameters(op, query, func(a *dockerapi.Argument) { u.count(use{c, version, op, a}) })
	}
}

// count counts one.
func (u *uses) count(k use) {
	n, known := u.of[k]
	switch {
	case known:
	case len(u.of) >= maxUses:
		u.other++
		return
	case u.of == nil:
		u.of = make(map[use]int64)
	}
	if !known {
		k.operation = cloned(k.operation)
	}
	u.of[k] = n + 1
}

// looksAt returns the fields that a document may have of which the versions matter; nil
// if there are none.
func looksAt(m *wire.Message, x *wire.Exchange) *dockerapi.Member {
	if m.Dir != wire.ToServer || m.Kind != wire.KindJSON || m.Index != 0 || x == nil || x.Request == nil || len(m.Data) == 0 {
		return nil
	}
	return dockerapi.DatedFields(x.Request.Call.Operation)
}

// document notes which of some fields a document has.
func (u *uses) document(m *wire.Message, x *wire.Exchange, fields *dockerapi.Member) {
	var found []*dockerapi.Argument
	findFields(m.Data, fields, func(a *dockerapi.Argument) {
		if len(found) < maxFields && !slices.Contains(found, a) {
			found = append(found, a)
		}
	})
	switch {
	case found == nil:
		return
	case len(u.read) >= maxRead:
		u.other += int64(len(found))
		return
	case u.read == nil:
		u.read = make(map[exchangeOf][]*dockerapi.Argument)
	}
	u.read[exchangeOf{x.Conn, x.Exchange}] = found
}

// findFields calls each with the fields that doc has, and that say something: clients
// send many that are empty.
func findFields(doc []byte, m *dockerapi.Member, each func(*dockerapi.Argument)) {
	if doc[0] == '[' {
		for element := range jsontext.Elements(doc) {
			findMembers(element, m, each)
		}
		return
	}
	findMembers(doc, m, each)
}

// findMembers is findFields for an object. It is nothing else that lists are of.
func findMembers(doc []byte, m *dockerapi.Member, each func(*dockerapi.Argument)) {
	for name, value := range jsontext.Members(doc) {
		if len(name) < len(`""`) {
			return
		}
		next := member(m, name)
		if next == nil {
			continue
		}
		if next.Argument != nil {
			if dockerapi.IsUnset(next.Argument.Name, value) {
				continue
			}
			each(next.Argument)
		}
		if next.Members != nil {
			findFields(value, next, each)
		}
	}
}

// member returns what stands for a member with a name, in quotes, as the daemon reads it: in any
// case, with escapes or without; nil if that is nothing.
func member(m *dockerapi.Member, name []byte) *dockerapi.Member {
	if next := m.Members[string(name[1:len(name)-1])]; next != nil {
		return next
	}
	for want, next := range m.Members {
		if want != "*" && jsontext.Named(name, want) {
			return next
		}
	}
	return m.Members["*"]
}

// report returns the uses of clients, in the order of those, and how many are left out: also those
// of versions that there was no room for, which are not told apart.
func (u *uses) report(clients map[*client]int) (all []Use, other int64) {
	other = u.other
	for k, n := range u.of {
		version := ""
		if k.version >= 0 {
			if version = k.client.Versions[k.version].Name; version == "" {
				other += n
				continue
			}
		}
		all = append(all, Use{clients[k.client], version, k.operation, k.argument, n})
	}
	slices.SortFunc(all, func(a, b Use) int {
		return cmp.Or(cmp.Compare(a.Client, b.Client), cmp.Compare(a.Operation, b.Operation),
			cmp.Compare(a.argument(), b.argument()), cmp.Compare(a.Version, b.Version))
	})
	return all, other
}

// argument returns what sorts uses of an operation.
func (u *Use) argument() string {
	switch a := u.Argument; {
	case a == nil:
		return ""
	case a.Field:
		return "." + a.Name
	default:
		return "?" + a.Name
	}
}
