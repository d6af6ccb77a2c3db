package render

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/socktrace/socktrace/internal/plural"
	"github.com/socktrace/socktrace/internal/shortid"
	"github.com/socktrace/socktrace/wire"
)

// inspection is what people look for first in what the daemon tells of a container.
//
//	/web running · sh -c "sleep 60" · busybox (5be3bca3354d) · network none
//	… 143 members left out (--bodies full)
type inspection struct {
	Name, Path, Image, ImageName string

	Args  []string
	State struct {
		Status   string
		ExitCode int64
		Error    string
		Health   struct{ Status string }
	}
	Config          struct{ Image string }
	HostConfig      struct{ NetworkMode string }
	Mounts          []json.RawMessage
	NetworkSettings struct {
		Ports    map[string][]struct{ HostPort string }
		Networks map[string]struct{ IPAddress string }
	}
}

// inspected shows what a container is, in short. It returns false if that is not what
// a message tells.
func (t *text) inspected(ev *wire.Message, x *wire.Exchange) bool {
	if t.o.Bodies != BodiesShort || ev.Truncated || ev.Index > 0 || ev.Dir != wire.ToClient || x == nil || x.Request == nil ||
		strings.TrimSuffix(x.Request.Call.Operation, "Libpod") != "ContainerInspect" {
		return false
	}
	var c inspection
	if !t.doc.read(ev.Data, t.colors) || json.Unmarshal(ev.Data, &c) != nil || c.Name == "" || c.State.Status == "" {
		return false
	}
	prefix, before := len(t.prefix), t.before
	t.inset(inset)
	defer func() { t.prefix, t.before, t.hang = t.prefix[:prefix], before, 0 }()
	t.hang = 2
	shown := t.inspection(&c)
	t.end()
	if left := int64(t.doc.leaves() - shown); left > 0 {
		t.own(roleFaint, "… "+plural.Of(left, "member")+" left out (--bodies full)")
		t.end()
	}
	return true
}

// inspection adds the line, and returns how many members of the document it tells.
func (t *text) inspection(c *inspection) (members int) {
	item := func(told int, r role, words ...string) {
		if len(t.line) > 0 {
			t.own(roleFaint, " · ")
		}
		t.text(r, t.briefly(strings.Join(words, "")))
		members += told
	}
	item(2, roleOperation, c.Name, " ", c.State.Status)
	if code := c.State.ExitCode; code != 0 {
		item(1, role4xx, "exit ", strconv.FormatInt(code, 10))
	}
	if c.State.Error != "" {
		item(1, roleMessage, c.State.Error)
	}
	if health := c.State.Health.Status; health != "" {
		item(1, plain, health)
	}
	if c.Path != "" {
		item(1+len(c.Args), plain, commandLine(c.Path, c.Args, t.colors))
	}
	if image, told := c.image(); told > 0 {
		item(told, plain, image)
	}
	if network, told := c.network(); told > 0 {
		item(told, plain, "network ", network)
	}
	if ports := c.ports(t.colors); ports != "" {
		item(0, plain, ports)
	}
	if n := int64(len(c.Mounts)); n > 0 {
		item(0, plain, plural.Of(n, "mount"))
	}
	return members
}

// image names the image of a container, with its id if it has a name.
func (c *inspection) image() (name string, told int) {
	id := shortid.Of(c.Image)
	name = c.Config.Image
	if name == "" {
		name = c.ImageName
	}
	switch {
	case name == "" && id == "":
		return "", 0
	case name == "" || shortid.Of(name) == id:
		return id, 1
	case id == "":
		return name, 1
	}
	return shortid.Of(name) + " (" + id + ")", 2
}

// network names the networks of a container, with its addresses.
func (c *inspection) network() (names string, told int) {
	var list []string
	for name, n := range c.NetworkSettings.Networks {
		if told++; n.IPAddress != "" {
			name += " " + n.IPAddress
		}
		list = append(list, name)
	}
	if len(list) == 0 && c.HostConfig.NetworkMode != "" {
		return shortid.Of(c.HostConfig.NetworkMode), 1
	}
	slices.Sort(list)
	return strings.Join(list, ", "), told
}

// ports tells which ports of the host lead to those of a container.
func (c *inspection) ports(colors *palette) string {
	var list []string
	for port, hosts := range c.NetworkSettings.Ports {
		if len(hosts) > 0 {
			list = append(list, "port "+hosts[0].HostPort+" "+colors.glyph("→")+" "+port)
		}
	}
	slices.Sort(list)
	return strings.Join(list, ", ")
}

// maxCommand bounds what is shown of a command, in bytes.
const maxCommand = 60

// commandLine writes a command as one types it into a shell, as far as it is short.
func commandLine(path string, args []string, colors *palette) string {
	words := make([]string, 0, 1+len(args))
	for _, word := range append([]string{path}, args...) {
		if word == "" || strings.ContainsAny(word, " \t\n\"'$&|;<>()*?#~`\\") {
			word = strconv.Quote(word)
		}
		words = append(words, word)
	}
	line := strings.Join(words, " ")
	if len(line) <= maxCommand {
		return line
	}
	return strings.ToValidUTF8(line[:maxCommand], "") + colors.glyph("…")
}
