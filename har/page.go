package har

import (
	"fmt"
	"net"
	"strconv"
	"strings"

	"github.com/socktrace/socktrace/wire"
)

// maxPages bounds how many clients have a page of their own: pages are in
// memory, and at the end of every file.
const maxPages = 256

// pages are the clients: importers group entries by page.
type pages struct {
	ids  map[string]string // by title
	json object            // the elements of log.pages
}

// of returns the id of the page of c, and whether that is new.
func (p *pages) of(c *wire.Conn) (id string, added bool) {
	title := pageTitle(c)
	id, ok := p.ids[title]
	if ok {
		return id, false
	}
	if len(p.ids) >= maxPages-1 {
		title = "more clients"
		if id, ok = p.ids[title]; ok {
			return id, false
		}
	}
	id = "page_" + strconv.Itoa(len(p.ids)+1)
	if p.ids == nil {
		p.ids = make(map[string]string)
		p.json.B = append(p.json.B, '[')
	}
	p.ids[title] = id
	o := &p.json
	o.Open("", '{')
	o.moment("startedDateTime", c.Start, micros)
	o.String("id", id)
	o.String("title", title)
	o.Raw("pageTimings", `{"onContentLoad":-1,"onLoad":-1}`)
	o.Close('}')
	return id, true
}

// append appends the member pages of the log.
func (p *pages) append(dst []byte) []byte {
	dst = append(dst, `"pages":`...)
	if len(p.ids) == 0 {
		dst = append(dst, '[')
	}
	return append(append(dst, p.json.B...), ']')
}

// pageTitle names the client of a connection: a process, or else a host.
func pageTitle(c *wire.Conn) string {
	title := "client"
	switch p := c.Client.Process; {
	case p != nil && p.Name != "":
		title = fmt.Sprintf("%s (pid %d)", p.Name, p.PID)
	case p != nil:
		title = fmt.Sprintf("pid %d", p.PID)
	case strings.HasPrefix(c.Client.Addr, "tcp://"):
		title = strings.TrimPrefix(c.Client.Addr, "tcp://")
		if host, _, err := net.SplitHostPort(title); err == nil {
			title = host // every connection has a port of its own
		}
	case c.Client.Addr != "":
		title = c.Client.Addr
	}
	if s := strings.TrimPrefix(c.Server.Addr, "unix://"); s != "" {
		title += " via " + s
	}
	return title
}
