"""A current official Python client (10.51, server version 226: protobuf alone) through the same session as the old one."""

import ibapi_client
from ibapi.order_cancel import OrderCancel


class App(ibapi_client.App):
    def error(self, reqId, errorTime, errorCode, errorString, advancedOrderRejectJson=""):  # noqa: N802, N803
        assert errorTime > 0, "an error without its time"
        self.errors.append((reqId, errorCode, errorString))

    def cancelOrder(self, orderId, orderCancel=None):  # noqa: N802, N803
        super().cancelOrder(orderId, orderCancel or OrderCancel())

    def commissionAndFeesReport(self, commissionAndFeesReport):  # noqa: N802, N803
        self.commissions[commissionAndFeesReport.execId] = commissionAndFeesReport.commissionAndFees


if __name__ == "__main__":
    ibapi_client.App_ = App
    ibapi_client.main()
    print("ibapi over protobuf: all steps passed")
