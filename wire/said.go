package wire

import "time"

// Said is what there is to say of an exchange in plain words, for people who learn
// from it: none of it was sent. Quotes of the traffic in it are what may be shown.
type Said struct {
	// Asks is what the request asks for, and why the client does so here: one or two
	// sentences; empty if that is not known.
	Asks string
	// Brief is the same in a line, for those who see many at a glance: why the client
	// does so here, or else what it asks for; empty if that is no news.
	Brief string
	// Answer is what the answer means; nil if it needs no words, or there is none yet.
	Answer *Meaning
}

// Meaning is what an answer means that failed, or that people stumble over. What is not
// known of it is empty.
type Meaning struct {
	Status string // "404", "NotFound" of gRPC, or "exit 137"
	Means  string // sentences
	Raises string // by docker-py: "docker.errors.NotFound"
	Prints string // by the docker CLI, without what may be around it
	Try    string // what helps
}

// Story is what connections of one client were for, all together: a command that
// somebody has typed, most often.
type Story struct {
	Name     string // "docker run"; of others what the client is called
	Requests int    // that were not of connections inside of others
	Calls    int    // of gRPC
	Conns    int
	Took     time.Duration // from the first byte to the last
	// Waited is how long of that nothing was open but what lasts until something happens.
	Waited time.Duration
	For    string // what it waited for: "for the container"; empty if that is not known
}
