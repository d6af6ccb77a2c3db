package memory

// Account is what one owner has of a Budget. It must not be used concurrently.
// The zero value is of no budget: there is no bound.
type Account struct {
	of   *Budget
	used int64
	have int64 // of the budget: used, and little more that is taken next
}

// step is what is taken and given back at once, in bytes: owners take and give
// all the time, and each change of the budget is seen by all processors.
const step = 4 << 10

// Of returns an account of b, which may be nil.
func Of(b *Budget) Account { return Account{of: b} }

// An owner may have as much as it leaves for others: one of them half of the
// budget, two a third each, and one of ten thousand still gets what is usual. Of
// what it needs it may have three times that: the last quarter is for others.
const (
	usual  = 1
	needed = 3
)

// Take takes n bytes, if there are as many.
func (a *Account) Take(n int) bool { return a.take(n, usual) }

// Need is Take for little on which much depends.
func (a *Account) Need(n int) bool { return a.take(n, needed) }

func (a *Account) take(n int, times int64) bool {
	if a.of == nil {
		return true
	}
	used := a.used + int64(n)
	if used > a.have && !a.more(used-a.have, times) {
		return false
	}
	a.used = used
	return true
}

// more takes n bytes of the budget, and some more if that has enough.
func (a *Account) more(n, times int64) bool {
	for _, n := range [...]int64{(n + step - 1) / step * step, n} {
		if a.of.take(n, a.have, times) {
			a.have += n
			return true
		}
	}
	return false
}

// Force takes n bytes, whether there are as many or not: for what an owner cannot
// do without. Others get less then.
func (a *Account) Force(n int) {
	if a.of == nil || a.Need(n) {
		return
	}
	a.used += int64(n)
	a.of.left.Add(a.have - a.used)
	a.have = a.used
}

// Give gives n bytes back.
func (a *Account) Give(n int) {
	if a.of == nil {
		return
	}
	a.used -= int64(n)
	if spare := a.have - a.used; spare >= 2*step {
		a.have -= spare - step
		a.of.left.Add(spare - step)
	}
}

// Used returns how much is taken.
func (a *Account) Used() int64 { return a.used }

// Missed notes that n bytes were left out since they did not fit.
func (a *Account) Missed(n int) {
	if a.of != nil {
		a.of.times.Add(1)
		a.of.missed.Add(int64(n))
	}
}

// Close gives all back.
func (a *Account) Close() {
	if a.of != nil {
		a.of.left.Add(a.have)
		a.used, a.have = 0, 0
	}
}
