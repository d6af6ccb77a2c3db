package replay

import (
	"strings"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/wire"
)

// versionField is the header field in which a daemon says which version of the API it speaks at most.
const versionField = "Api-Version"

// negotiated is the version of the API that the clients of a recording would ask for now. They ping a
// daemon, or ask for its version as docker-py does, and ask for nothing newer than it says. What a
// recording has is what came of that with its daemon; one that is older would refuse it all.
type negotiated struct {
	most dockerapi.Version // the zero value: what was asked for
}

// learn learns from what the daemon said that it speaks, then and now.
func (n *negotiated) learn(then, now string) {
	a, okA := dockerapi.ParseVersion(then)
	b, okB := dockerapi.ParseVersion(now)
	if !okA || !okB {
		return
	}
	n.most = dockerapi.Version{}
	if b.Compare(a) < 0 {
		n.most = b
	}
}

// target returns the target of a request, at the version to ask for.
func (n *negotiated) target(r *wire.Request) string {
	v, ok := dockerapi.ParseVersion(r.Call.Version)
	if !ok || n.most == (dockerapi.Version{}) || v.Compare(n.most) <= 0 {
		return r.Target
	}
	return strings.Replace(r.Target, "/v"+r.Call.Version+"/", "/v"+n.most.String()+"/", 1)
}
