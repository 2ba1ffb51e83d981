package dev.sva4j.conformance;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sva4j.spi.AddressType;
import dev.sva4j.spi.CompletionStatus;
import dev.sva4j.spi.IommuHardware;
import dev.sva4j.spi.Operation;
import dev.sva4j.spi.PageRequest;
import dev.sva4j.spi.ResponseCode;
import dev.sva4j.spi.Transaction;
import java.util.List;

/**
 * Speaks for the device under test at the device port of the hardware half, without an endpoint model between: for messages that a
 * well-behaved device would not send, or whose answer the model keeps to itself.
 */
final class Probe {
    private final Machine machine;
    private final int requester;
    private final IommuHardware hardware;
    private int nextGroup = TappedLink.FIRST_OWN_GROUP;

    Probe(Machine machine) {
        this.machine = machine;
        this.requester = machine.accelerator().spec().requester();
        this.hardware = machine.tap().hardware();
    }

    /** Asks for a translation (ATS) and waits for the answer. */
    Transaction translationOf(int pasid, long address) {
        Ended transaction = new Ended();
        transaction.translation(requester, pasid, address & -Machine.PAGE_SIZE, 0);
        hardware.submit(transaction);
        machine.await("the translation request is completed", () -> transaction.ended);
        return transaction;
    }

    /** Reads a word without having it translated first, and waits for the end; how it ended. */
    CompletionStatus read(int pasid, long address) {
        return access(Operation.READ, pasid, address);
    }

    /** Reads a word as an instruction, likewise. */
    CompletionStatus fetch(int pasid, long address) {
        return access(Operation.EXECUTE, pasid, address);
    }

    private CompletionStatus access(Operation operation, int pasid, long address) {
        Ended transaction = new Ended();
        transaction.memory(
                requester, pasid, AddressType.UNTRANSLATED, operation, address, new byte[Long.BYTES], 0, Long.BYTES, 0);
        hardware.submit(transaction);
        machine.await("the access is completed", () -> transaction.ended);
        return transaction.status();
    }

    /** A group index that nobody uses. */
    int newGroup() {
        return nextGroup++;
    }

    /** Sends a page request for a write. */
    void requestPage(int pasid, long address, int group, boolean last) {
        send(pasid, address, true, true, group, last);
    }

    /** Sends a stop marker: the last of a group that asks for nothing. */
    void stop(int pasid, int group) {
        send(pasid, 0, false, false, group, true);
    }

    private void send(int pasid, long address, boolean read, boolean write, int group, boolean last) {
        hardware.pageRequest(new PageRequest(
                requester,
                pasid,
                address & -Machine.PAGE_SIZE,
                read,
                write,
                false,
                false,
                group,
                last,
                PageRequest.Kind.PRI));
    }

    /** Waits for an answer to a group. */
    ResponseCode responseTo(int group) {
        machine.await(
                "page-request group " + group + " is answered",
                () -> !responsesTo(group).isEmpty());
        List<ResponseCode> responses = responsesTo(group);
        assertTrue(responses.size() == 1, () -> "one answer to group " + group + ", but there are: " + responses);
        return responses.get(0);
    }

    /** The answers so far. */
    List<ResponseCode> responsesTo(int group) {
        return machine.tap().link().responsesTo(group);
    }

    private static final class Ended extends Transaction {
        private volatile boolean ended;

        @Override
        protected void completed() {
            ended = true;
        }
    }
}
