package policy

// denial is what rules would have denied, of one client.
type denial struct {
	client  string
	what    string // the operation, or method and path
	why     string // if not for the method or the path
	count   int64
	example string // the first
}

// denials are what rules would have denied.
type denials struct {
	of   map[string]*denial
	all  int64 // requests
	more int64 // of those that there was no room for
}

// maxDenied bounds what is told apart.
const maxDenied = 4096

// add adds a request.
func (d *denials) add(client, what, why, example string) {
	d.all++
	key := client + "\n" + what + "\n" + why
	one := d.of[key]
	switch {
	case one != nil:
	case len(d.of) >= maxDenied:
		d.more++
		return
	default:
		if d.of == nil {
			d.of = make(map[string]*denial)
		}
		one = &denial{client: client, what: what, why: clipped(why), example: clipped(example)}
		d.of[key] = one
	}
	one.count++
}
