package io.viridian.demo;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;

/**
 * Where the shop's program connects.
 *
 * @param urls tried one after the other; one is enough when it names both hosts
 * @param blueMajor the version by which the program knows on which side it is
 */
record ShopAddress(List<String> urls, int blueMajor) {
    /**
     * The side is looked at anew for every connection: the driver would else remember for ten seconds who was primary.
     */
    private static final String FIND_THE_OPEN_SIDE =
            "?targetServerType=primary&hostRecheckSeconds=0&connectTimeout=3&socketTimeout=10&sslmode=disable";

    ShopAddress {
        urls = List.copyOf(urls);
    }

    /**
     * The address of a shop.
     *
     * @param led whether the closed side says that it is closed, so that one URL with both hosts finds the open one
     */
    static ShopAddress of(Stage stage, boolean led) {
        String blue = stage.blueServer().host() + ":" + stage.blueServer().port();
        String green = stage.greenServer().host() + ":" + stage.greenServer().port();
        String rest = "/" + stage.database() + FIND_THE_OPEN_SIDE;
        List<String> hosts = led ? List.of(blue + "," + green) : List.of(blue, green);
        return new ShopAddress(
                hosts.stream().map(host -> "jdbc:postgresql://" + host + rest).toList(),
                stage.blueServer().majorVersion());
    }

    /** A session and the words that are understood there. */
    record Session(Connection connection, ShopWords words) {}

    Session connect(int attempt, String program) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", "postgres");
        properties.setProperty("ApplicationName", program);
        Connection connection = DriverManager.getConnection(urls.get(attempt % urls.size()), properties);
        try (Statement statement = connection.createStatement();
                ResultSet version =
                        statement.executeQuery("select current_setting('server_version_num')::int / 10000")) {
            version.next();
            ShopWords words = version.getInt(1) == blueMajor ? ShopWords.BLUE : ShopWords.GREEN;
            connection.setAutoCommit(false);
            return new Session(connection, words);
        } catch (SQLException failure) {
            connection.close();
            throw failure;
        }
    }
}
