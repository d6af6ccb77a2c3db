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
	roleMethod
	roleTarget
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

// palette holds the escape sequence that begins each role; all are empty if
// there is no colour. It does not change after newPalette.
type palette struct {
	open [roleCount]string
	ids  []string // colours of connection numbers, in turn
}

// newPalette returns the colours. They are of the basic 16, which the user's
// theme defines; errors are bold too, for those who do not see the red.
func newPalette(on bool) *palette {
	if !on {
		return &palette{ids: []string{""}}
	}
	return &palette{
		open: [roleCount]string{
			roleToServer:  sgr(color.FgCyan),
			roleToClient:  sgr(color.FgGreen),
			roleNote:      sgr(color.FgBlue),
			roleFaint:     sgr(color.Faint),
			roleMethod:    sgr(color.Bold),
			roleTarget:    sgr(color.Bold),
			roleField:     sgr(color.FgCyan),
			roleMasked:    sgr(color.FgMagenta, color.Italic),
			roleEscape:    sgr(color.FgMagenta),
			roleOperation: sgr(color.Bold),
			roleTime:      sgr(color.Faint),
			roleKey:       sgr(color.FgBlue),
			roleString:    sgr(color.FgGreen),
			roleNumber:    sgr(color.FgYellow),
			roleLiteral:   sgr(color.FgMagenta),
			roleStdin:     sgr(color.FgCyan),
			roleStdout:    sgr(color.FgGreen),
			roleStderr:    sgr(color.FgYellow),
			roleTerminal:  sgr(color.FgBlue),
			role1xx:       sgr(color.FgBlue),
			role2xx:       sgr(color.FgGreen),
			role3xx:       sgr(color.FgCyan),
			role4xx:       sgr(color.FgYellow, color.Bold),
			role5xx:       sgr(color.FgRed, color.Bold),
			roleAnomaly:   sgr(color.FgRed, color.Bold),
		},
		ids: []string{
			sgr(color.FgCyan), sgr(color.FgMagenta), sgr(color.FgYellow),
			sgr(color.FgBlue), sgr(color.FgGreen), sgr(color.FgHiCyan),
			sgr(color.FgHiMagenta), sgr(color.FgHiYellow),
		},
	}
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
