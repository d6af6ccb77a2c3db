package stats

import (
	"slices"
	"strings"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/wire"
)

const (
	// maxVersions bounds the versions of a client, and maxDaemons the daemons that have
	// answered it, and the versions that it was told.
	maxVersions = 8
	maxDaemons  = 4
)

// asks counts a request for a version of the API, if it names one, and returns which one
// of those of c it is; -1 if it names none.
func (c *client) asks(version string) int {
	if version == "" {
		return -1
	}
	for i := range c.Versions {
		if c.Versions[i].Name == version {
			c.Versions[i].Count++
			return i
		}
	}
	switch n := len(c.Versions); {
	case n < maxVersions:
		c.Versions = append(c.Versions, Version{Name: cloned(version), Count: 1, Offered: slices.Contains(c.told, version)})
		return n
	case n == maxVersions:
		c.Versions = append(c.Versions, Version{Count: 1})
	default:
		c.Versions[maxVersions].Count++
	}
	return maxVersions
}

// answered notes what an answer says of the daemon, and of the version that was asked for.
func (c *client) answered(x *wire.Exchange, version int) {
	if x.Response.Status == 400 && version >= 0 && strings.HasPrefix(x.Outcome.Error, "client version ") {
		c.Versions[version].Refused++
	}
	tells := false
	if x.Request != nil && version < 0 { // which is how clients ask before they choose one
		op := x.Request.Call.Operation
		tells = dockerapi.IsPing(op) || op == "SystemVersion"
	}
	if !tells && len(c.Daemons) > 0 {
		return
	}
	newest := wire.FieldValue(x.Response.Fields, "Api-Version")
	if newest == "" {
		return
	}
	if tells && !slices.Contains(c.told, newest) && len(c.told) < maxDaemons {
		c.told = append(c.told, cloned(newest))
	}
	server := wire.FieldValue(x.Response.Fields, "Server")
	same := func(d Daemon) bool { return d.Server == server && d.Newest == newest }
	if len(c.Daemons) < maxDaemons && !slices.ContainsFunc(c.Daemons, same) {
		c.Daemons = append(c.Daemons, Daemon{cloned(server), cloned(newest)})
	}
}
