package main

import (
	"github.com/socktrace/socktrace/decode"
	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/wire"
)

// bodyBudget is what the decoders of all connections may keep of bodies and
// unfinished JSON values together.
const bodyBudget = 256 << 20

// decodeOptions says what decoders tell, for sinks that have these needs.
// maxBody bounds a JSON document or WebSocket message in memory.
func decodeOptions(n wire.Needs, maxBody int64) decode.Options {
	d := decode.Options{Transient: !n.Keeps}
	if !n.Lines && !n.Sizes && !n.Messages {
		return d
	}
	d.Messages = n.Sizes || n.Messages
	d.MaxMessage = int(min(max(maxBody, 1), 1<<30)) // 0 would be the default
	d.KeepBody, d.Digest = n.Body, n.Digest
	d.Budget = decode.NewBudget(bodyBudget)
	d.Docker = decode.NewDocker()
	d.Operation = operation
	return d
}

// operation names a request of the Docker Engine API.
func operation(method, target string) string {
	c, _ := dockerapi.Match(method, target)
	return c.Name()
}
