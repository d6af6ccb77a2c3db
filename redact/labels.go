package redact

import "github.com/socktrace/socktrace/wire"

// side names the message that travels in direction dir.
func side(dir wire.Dir) string {
	if dir == wire.ToServer {
		return "request"
	}
	return "response"
}

// bodyNames are what the bodies of each direction go by.
var bodyNames = [2]string{"request.body", "response.body"}

// streamNames are what the messages of each direction and kind go by.
var streamNames = func() (names [2][wire.KindCount + 1]string) {
	for dir := range names {
		for k := range wire.KindCount + 1 {
			names[dir][k] = side(wire.Dir(dir)) + "." + k.String()
		}
		names[dir][wire.KindText] = bodyNames[dir]
		names[dir][wire.KindJSON] = bodyNames[dir]
	}
	return names
}()

// streamName returns what m goes by.
func streamName(m *wire.Message) string {
	return streamNames[m.Dir&1][min(m.Kind, wire.KindCount)]
}
