package render

import (
	"strings"

	"github.com/fatih/color"
)

// role is what a piece of output means. Colours belong to roles, so that one
// table decides how all formats look.
type role uint8

const (
	plain role = iota
	roleToServer
	roleToClient
	roleNote // marks and words of socktrace itself
	roleFaint
	roleMessage // of an error, in the words of the daemon
	roleMethod
	roleTarget
	roleQuery // names of parameters
	roleField
	roleMasked
	roleEscape
	roleOperation
	roleTime
	roleKey
	roleString
	roleNumber
	roleLiteral
	roleStdin
	roleStdout
	roleStderr
	roleTerminal
	role1xx
	role2xx
	role3xx
	role4xx
	role5xx
	roleAnomaly
	roleCount
)

// sgrReset ends every colour. Spans are flat: one ends before the next
// begins, which lets wrap close and reopen them.
const sgrReset = "\x1b[0m"

// Colours of the 256 of xterm that can be read on black and on white: their
// luminance is in the middle. The basic 16 are what the user's theme makes of
// them, and blue on black or yellow on white is often hardly seen.
const (
	green   = 28
	teal    = 30
	blue    = 31
	olive   = 64
	violet  = 98
	brown   = 130
	rose    = 132
	crimson = 161
	magenta = 163
)

// indexed returns the attributes of a colour of the 256 (ECMA-48, section
// 8.3.117; ISO 8613-6).
func indexed(n color.Attribute, more ...color.Attribute) string {
	return sgr(append(more, 38, 5, n)...)
}

// palette holds the escape sequence that begins each role; all are empty if
// there is no colour. It does not change once
// something was drawn with it.
type palette struct {
	open  [roleCount]string
	ids   []string // colours of connection numbers, in turn
	ascii bool     // draw with ASCII alone
}

// flat reports whether there are no colours.
func (c *palette) flat() bool { return c.open[roleFaint] == "" }

// glyph returns a character to draw with.
func (c *palette) glyph(s string) string {
	if c.ascii {
		return inASCII(s)
	}
	return s
}

// newPalette returns the colours. What they say is never said by them alone:
// there is a mark, a word or a number too, and what is wrong is bold besides.
func newPalette(on bool) *palette {
	if !on {
		return &palette{ids: []string{""}}
	}
	return &palette{
		open: [roleCount]string{
			roleToServer:  indexed(teal),
			roleToClient:  indexed(green),
			roleNote:      indexed(violet),
			roleFaint:     sgr(color.Faint),
			roleMessage:   sgr(color.Bold),
			roleMethod:    sgr(color.Bold),
			roleField:     indexed(teal),
			roleMasked:    indexed(magenta, color.Italic),
			roleEscape:    indexed(magenta),
			roleOperation: sgr(color.Bold),
			roleTime:      sgr(color.Faint),
			roleKey:       indexed(blue),
			roleString:    indexed(green),
			roleNumber:    indexed(brown),
			roleLiteral:   indexed(violet),
			roleStdin:     indexed(teal),
			roleStdout:    indexed(green),
			roleStderr:    indexed(brown),
			roleTerminal:  indexed(blue),
			role1xx:       indexed(blue),
			role2xx:       indexed(green),
			role3xx:       indexed(teal),
			role4xx:       indexed(brown, color.Bold),
			role5xx:       indexed(crimson, color.Bold),
			roleAnomaly:   indexed(crimson, color.Bold),
		},
		ids: idColors(),
	}
}

// idColors returns what tells connection numbers apart: eight colours, then the
// same underlined, then bold.
func idColors() (list []string) {
	for _, more := range [][]color.Attribute{nil, {color.Underline}, {color.Bold}} {
		for _, n := range []color.Attribute{blue, brown, magenta, green, violet, olive, rose, teal} {
			list = append(list, indexed(n, more...))
		}
	}
	return list
}

// sgr returns the sequence that begins a colour. EnableColor makes it
// independent of the package's global switch.
func sgr(attrs ...color.Attribute) string {
	c := color.New(attrs...)
	c.EnableColor()
	open, _, _ := strings.Cut(c.Sprint("|"), "|")
	return open
}

// id returns the colour of a connection, so that those that run at the same
// time look different.
func (c *palette) id(conn int) string { return c.ids[max(conn-1, 0)%len(c.ids)] }

// statusRole returns the role of a status code, by its class (RFC 9110,
// section 15).
func statusRole(status int) role {
	switch status / 100 {
	case 1:
		return role1xx
	case 2:
		return role2xx
	case 3:
		return role3xx
	case 4:
		return role4xx
	}
	return role5xx
}
