package stats

import (
	"time"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/wire"
)

// Report is what was seen until it is made.
type Report struct {
	Start, End time.Time // of the first exchange, and of the last event; zero if there was none
	All        Totals
	Waited     time.Duration // what calls took that wait, which is not in All.Total
	Operations []Operation   // those that do not wait first, and of those the one that took longest in all
	Clients    []Client      // who asked most first
	Slowest    []Exchange    // of those that do not wait, the slowest first
	Open       []Exchange    // that had not ended, the oldest first; All.Open counts all
	Uses       []Use         // what was made use of, by client
	OtherUses  int64         // of what there was no room for
}

// Totals are figures that can be added up.
type Totals struct {
	Count  int64         // exchanges
	Errors int64         // of them
	Open   int64         // that had not ended
	Total  time.Duration // that those took which were seen from their beginning to their end
	Bytes  [2]int64      // of heads, bodies and streams as sent, by direction
}

// Operation are the figures of one operation.
type Operation struct {
	Name         string // such as "ContainerCreate"; empty if it is not known
	Method, Path string // if the operation has no name; of a gRPC method, the path
	Waits        bool   // it lasts until something happens, or until the client leaves
	Other        bool   // all that there was no row for
	Totals
	Timed         int64 // exchanges that have a time
	P50, P95, Max time.Duration
	Estimated     bool // P50 and P95 are, within a part in 32
}

// Client are the figures of one client, whatever connections and processes it had.
type Client struct {
	Name     string // of its program; empty if it is not known
	Addr     string // where it is, if the program is not known
	Subject  string // of the certificate that it has shown; empty if none is known
	Agent    string // what it calls itself; empty if that is not known
	Other    bool   // all that there was no row for
	Versions []Version
	Daemons  []Daemon // that have answered it, as far as is known
	Totals
}

// Version says how often a client has asked for a version of the API.
type Version struct {
	Name    string // "1.41"; empty for all that there was no room for
	Count   int64
	Offered bool  // it is the newest of a daemon that the client had asked for that before
	Refused int64 // requests that were, for being too old or too new
}

// Daemon is one that has answered a client.
type Daemon struct {
	Server string // what it calls itself: "Docker/20.10.24 (linux)"
	Newest string // version of the API that it has
}

// Use is what a client has made use of.
type Use struct {
	Client    int    // of Clients
	Version   string // of the API that it asked for; empty if it named none
	Operation string
	Argument  *dockerapi.Argument // what the request had; nil for the operation itself
	Count     int64
}

// Exchange is one that stands out.
type Exchange struct {
	Conn, Number              int
	Operation, Method, Target string // as in Operation, but the target as it is, if it has no name
	Subject                   wire.Subject
	Status                    int // 0 if there was no answer
	Start                     time.Time
	Duration                  time.Duration // until End of the Report if it is open
	Error                     string        // why it failed; empty if it did not
	Waits                     bool
}
