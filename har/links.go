package har

import (
	"cmp"
	"hash/fnv"
	"slices"
	"strconv"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// links are the connections that a reader knows.
type links struct {
	byName map[string]*link // by how the file names them
	byConn map[*wire.Conn]*link
	ids    map[int]bool // of wire.Conn, in use
	order  []*link      // as they were opened
	opened int          // in all
	next   int          // the last number that the file did not give
}

// link is a connection in the file.
type link struct {
	conn   *wire.Conn
	name   string
	held   map[int]*progress // exchanges of which a part was read
	begun  int               // exchanges of a file that does not number them
	bytes  [2]int64          // carried, as far as known
	shaken bool              // its handshakes of TLS were told
	inside                   // of another
	depth  int               // in how many others it is
	opened time.Time         // when it is told to open
	told   time.Time         // when the last of it is told
	last   time.Time
	close  *closeNote
	used   int // the entry that used it last
}

func newLinks() links {
	return links{byName: make(map[string]*link), byConn: make(map[*wire.Conn]*link), ids: make(map[int]bool)}
}

// maxLinks bounds how many connections are open at once. Most files do not say
// when one has ended.
const maxLinks = 32 << 10

// link returns the connection that e was on. Its Open event is sent with the
// first entry.
func (f *file) link(e *Entry, t *trace, start time.Time) *link {
	name := cmp.Or(e.Connection, e.Pageref)
	l := f.links.byName[shortName(name)]
	if l == nil {
		id, _ := strconv.Atoi(name)
		if t != nil {
			l = f.open(name, f.connection(id, &t.connNote))
		} else {
			l = f.open(name, &wire.Conn{ID: f.links.freeID(id, false), Start: start, Server: wire.Peer{Addr: foreignServer(e)}})
		}
	}
	if t != nil {
		f.shaken(l, t.TLS)
	}
	l.used = f.count
	return l
}

// shortName returns what stands for a name, however long that is.
func shortName(name string) string {
	const most = 64
	if len(name) <= most {
		return name
	}
	h := fnv.New128a()
	h.Write([]byte(name))
	return name[:most] + string(h.Sum(nil))
}

// open begins the connection that the file calls name.
func (f *file) open(name string, c *wire.Conn) *link {
	if len(f.links.order) >= maxLinks {
		f.closeIdle()
	}
	l := &link{conn: c, name: shortName(name), used: f.count, opened: c.Start}
	f.enter(l)
	f.links.add(l)
	f.add(l.depth, step{at: l.opened, ev: &wire.Open{Meta: wire.Meta{Conn: c, Start: c.Start, End: c.Start}}})
	return l
}

func (k *links) add(l *link) {
	k.byName[l.name] = l
	k.byConn[l.conn] = l
	k.order = append(k.order, l)
	k.opened++
}

// closeIdle ends the connections that were not used for the longest time: half
// of all.
func (f *file) closeIdle() {
	k := &f.links
	used := make([]int, 0, len(k.order))
	for _, l := range k.order {
		used = append(used, l.used)
	}
	slices.Sort(used)
	middle := used[len(used)/2]
	var idle []*link
	k.order = slices.DeleteFunc(k.order, func(l *link) bool {
		if l.used > middle {
			return false
		}
		idle = append(idle, l)
		return true
	})
	for _, l := range idle {
		f.fixes.add(endedEarly)
		delete(k.byName, l.name)
		delete(k.byConn, l.conn)
		delete(k.ids, l.conn.ID)
	}
	f.close(idle)
}

// freeID returns the number of a connection: the one that the file gives it, or
// else one that no other has.
func (k *links) freeID(id int, given bool) int {
	if !given || id <= 0 || k.ids[id] {
		for id = max(k.next, k.opened) + 1; k.ids[id]; {
			id++
		}
		k.next = id
	}
	k.ids[id] = true
	return id
}
