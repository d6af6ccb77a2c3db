package dockerapi

// Waiting says whether a call lasts until something happens that is not the
// daemon's doing, such as the end of a container, or until its client leaves. How
// long it took then says nothing of how quick the daemon is.
type Waiting uint8

const (
	Prompt  Waiting = iota // it does not, unless the connection becomes a stream
	Waits                  // it does
	Follows                // if it is asked to: follow=1
	Streams                // unless it is asked not to: stream=0
)

// waits reports whether a call of o with this query waits.
func (o *Operation) waits(query string) bool {
	switch o.Waiting {
	case Waits:
		return true
	case Follows:
		return isSet(query, "follow", false)
	case Streams:
		return isSet(query, "stream", true)
	}
	return o.Response == Hijack || o.Response == WebSocket || o.Response == H2C
}

// methodWaits reports whether a method of a gRPC service waits.
func methodWaits(path string) bool {
	switch path {
	case "/containerd.services.events.v1.Events/Subscribe",
		"/containerd.services.tasks.v1.Tasks/Wait",
		"/grpc.health.v1.Health/Watch",
		"/moby.buildkit.v1.Control/ListenBuildHistory",
		"/moby.buildkit.v1.Control/Session",
		"/moby.buildkit.v1.Control/Status":
		return true
	}
	return false
}
