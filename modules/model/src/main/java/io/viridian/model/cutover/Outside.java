package io.viridian.model.cutover;

/**
 * What the world still has in store.
 *
 * @param orders switches that the operator may still order, in whichever direction is due
 * @param writes transactions that applications may still begin
 * @param committed how many they have committed
 * @param mishaps crashes, lost answers, lost sessions
 * @param takeOvers times a daemon may take over from one that is alive
 * @param failOvers times a standby may be promoted
 * @param returns whether a daemon that is gone comes back
 * @param heard whether a promoted standby has every commit point that an opening has looked for
 * @param astray writes on a side that had forgotten that it handed over, a bit each
 * @param called whether a person was called because of such a side
 * @param alarm raised by what must not happen between two states
 */
record Outside(
        int orders,
        int writes,
        int committed,
        int mishaps,
        int takeOvers,
        int failOvers,
        boolean returns,
        boolean heard,
        int astray,
        boolean called,
        Alarm alarm) {
    /** What only a step can show. */
    enum Alarm {
        NONE,
        APPLIED_TWICE
    }

    /** Nothing happens but what was ordered. */
    static Outside ordered(int orders) {
        return new Outside(orders, 0, 0, 0, 0, 0, true, true, 0, false, Alarm.NONE);
    }

    Outside writing(int transactions) {
        return new Outside(
                orders, transactions, committed, mishaps, takeOvers, failOvers, returns, heard, astray, called, alarm);
    }

    Outside withMishaps(int number) {
        return new Outside(
                orders, writes, committed, number, takeOvers, failOvers, returns, heard, astray, called, alarm);
    }

    Outside withTakeOvers(int number) {
        return new Outside(
                orders, writes, committed, mishaps, number, failOvers, returns, heard, astray, called, alarm);
    }

    Outside withFailOvers(int number) {
        return new Outside(
                orders, writes, committed, mishaps, takeOvers, number, returns, heard, astray, called, alarm);
    }

    Outside goneForGood() {
        return new Outside(
                orders, writes, committed, mishaps, takeOvers, failOvers, false, heard, astray, called, alarm);
    }

    Outside unheard() {
        return new Outside(
                orders, writes, committed, mishaps, takeOvers, failOvers, returns, false, astray, called, alarm);
    }

    Outside afterOrder() {
        return new Outside(
                orders - 1, writes, committed, mishaps, takeOvers, failOvers, returns, heard, astray, called, alarm);
    }

    Outside afterCommit() {
        return new Outside(
                orders, writes, committed + 1, mishaps, takeOvers, failOvers, returns, heard, astray, called, alarm);
    }

    /** What was committed last was committed on a side that had forgotten that it handed over. */
    Outside astray(int write) {
        return new Outside(
                orders,
                writes,
                committed,
                mishaps,
                takeOvers,
                failOvers,
                returns,
                heard,
                astray | 1 << write,
                called,
                alarm);
    }

    Outside afterCall() {
        return new Outside(
                orders, writes, committed, mishaps, takeOvers, failOvers, returns, heard, astray, true, alarm);
    }

    Outside with(Alarm raised) {
        return new Outside(
                orders, writes, committed, mishaps, takeOvers, failOvers, returns, heard, astray, called, raised);
    }
}
