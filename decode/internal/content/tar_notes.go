package content

// tarNotes are what was wrong with an archive, by code, and how often.
type tarNotes map[string]int

// maxTarNotes is how often faults of one kind are told: a hostile archive may have one
// in each entry.
const maxTarNotes = 3

// tell tells a fault, unless there were too many like it.
func (n *tarNotes) tell(out Out, off int64, code, detail string) {
	if *n == nil {
		*n = tarNotes{}
	}
	if (*n)[code]++; (*n)[code] == maxTarNotes {
		detail += " (more of the kind are not told)"
	}
	if (*n)[code] <= maxTarNotes {
		out.Anomaly(off, code, detail)
	}
}
